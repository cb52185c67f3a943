"""The page's own Python without what only its readers need: comments and docstrings, a third of what it would weigh.

MicroPython compiles it at every start and skips them anyway. Lines stay where they are, for tracebacks to be true.
"""

import ast
import io
import tokenize


def without_words(source: bytes) -> bytes:
    """The bytes of a Python source, UTF-8, without comments and docstrings, each statement on the line where it was."""
    text = source.decode()
    lines = text.splitlines(keepends=True)
    for start, end in docstrings(text):
        _blank(lines, start, end)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column].rstrip() + "\n"
    return "".join(lines).encode()


def docstrings(text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where docstrings begin and end, as (line, column in characters); those that are all of a body stay."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        first = node.body[0] if node.body else None
        is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
        if is_text and isinstance(first.value.value, str) and (len(node.body) > 1 or isinstance(node, ast.Module)):
            found.append(((first.lineno, first.col_offset), (first.end_lineno, first.end_col_offset)))
    return found


def _blank(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> None:
    """Empties what is from start to end: all of these lines, as no statement stands beside a docstring in this project."""
    (first, column), (last, behind) = start, end
    before = lines[first - 1].encode()[:column].decode()
    after = lines[last - 1].encode()[behind:].decode()
    if before.strip() or after.partition("#")[0].strip():
        raise ValueError(f"line {first}: a docstring shares its line with something else")
    for row in range(first, last + 1):
        lines[row - 1] = "\n"
