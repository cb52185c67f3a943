"""The lines of lines.txt, and a module that has a function for each."""

import ast
import textwrap
from pathlib import Path


def read_lines():
    """[(subject, line)]."""
    found, subject = [], ""
    for line in Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines():
        if line.startswith("== "):
            subject = line.removeprefix("== ")
        elif line and not line.startswith("#"):
            found.append((subject, line))
    return found


LINES = read_lines()


def module_of(lines):
    """The module's source: each function gives the value of its line's last part; LINES has them in order."""
    made = []
    for number, (_, line) in enumerate(lines):
        body = ast.parse(line).body
        body[-1] = ast.Return(body[-1].value)
        text = "\n".join(ast.unparse(each) for each in body)
        made.append(f"def line_{number}():\n{textwrap.indent(text, '    ')}")
    made.append(f"LINES = [{', '.join(f'line_{number}' for number in range(len(lines)))}]")
    return "\n".join(made) + "\n"
