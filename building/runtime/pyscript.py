"""What the build takes out of PyScript's core, where it stands as a string, so that the page need not wait for it.

PyScript makes a worker of a string, a third of a second after the page was asked for: as a file the page can begin it
before PyScript is there (site/boot/early.js). And it writes Python modules of its own into each worker, to be compiled
there: their bytecode can lie there before them.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

STRING = r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\""""
# new Worker(URL.createObjectURL(new Blob(["/*@*/" + 'const ...'.replace(...)], ...
WORKER = re.compile(rf"""new Blob\(\["/\*@\*/"\+({STRING})\.replace\(""")
# write(".", {pyscript: {"__init__.py": "from ...", ...}})
LIBRARY = re.compile(rf"""\(".",(\{{pyscript:(?:{STRING}|[\w$]+|[{{}}:,])+\}})\)""")
TOKEN = re.compile(rf"{STRING}|[\w$]+|[{{}}:,]")
KNOWN_ESCAPE = re.compile(r"""\\[nt'"\\]""")


def worker_code(core: Mapping[str, bytes]) -> bytes:
    """The code of PyScript's workers from its core {name: bytes}. ValueError if it does not stand there once."""
    return text_of(only("its workers' code as a string", WORKER, core)[1]).encode()


def library(core: Mapping[str, bytes]) -> dict[str, bytes]:
    """The Python modules that PyScript writes, {path: bytes}, from its core {name: bytes}. ValueError as above."""
    tokens = TOKEN.findall(only("its modules of Python as strings", LIBRARY, core)[1])
    tree = json.loads("".join(token if token in "{}:," else json.dumps(text_of(token)) for token in tokens))

    def files(folder: str, entries: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
        for name, entry in entries.items():
            if isinstance(entry, str):
                yield folder + name, entry.encode()
            else:
                yield from files(f"{folder}{name}/", entry)

    return dict(files("", tree))


def only(what: str, pattern: re.Pattern[str], core: Mapping[str, bytes]) -> re.Match[str]:
    """Where the core {name: bytes} has what the build looks for; ValueError, which says `what`, if that is not one place."""
    found = [match for data in core.values() for match in pattern.finditer(data.decode())]
    if len(found) != 1:
        raise ValueError(
            f"PyScript's core has {len(found)} of what the build looks for, not one: {what} (building/runtime/)"
        )
    return found[0]


def text_of(literal: str) -> str:
    """What a literal of JavaScript stands for; JavaScript and Python agree on a few escapes."""
    if literal[0] not in "'\"":
        return literal
    if "\\" in KNOWN_ESCAPE.sub("", literal):
        raise ValueError("a string in PyScript's core has an escape that building/runtime/pyscript.py does not know")
    return ast.literal_eval(literal)


def literal_of(text: str) -> str:
    """A literal of JavaScript that stands for a text."""
    for character, escape in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n")):
        text = text.replace(character, escape)
    return f"'{text}'"
