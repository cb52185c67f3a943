"""Python's library and numpy cut to the files that the page uses: runtime-used.json, written by tools/used.py."""

import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path

from building.common import BuildError

TESTS = "/tests/"  # in numpy; nothing of the page
# These only write the docstrings of what is compiled; the page has no reader for them.
DOCUMENTATION = ("numpy/_core/_add_newdocs.py", "numpy/_core/_add_newdocs_scalars.py")


def parse_used(path: str | Path) -> dict[str, list[str]]:
    """{"library": [name], "numpy": [name]} of a runtime-used.json; BuildError when it is malformed."""
    try:
        used = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BuildError(f"{Path(path).name} cannot be read, or is not JSON: {error}") from None
    lists = used.values() if isinstance(used, dict) and used.keys() == {"library", "numpy"} else [None]
    if not all(isinstance(names, list) and all(isinstance(name, str) for name in names) for names in lists):
        raise BuildError(f'{Path(path).name} must be an object of two lists of names, "library" and "numpy"')
    return used


def members(archive: bytes, names: Iterable[str] | None) -> dict[str, bytes]:
    """The files of a ZIP, {name: bytes}: these, or all but tests. KeyError if it lacks one."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        if names is None:
            names = [name for name in files.namelist() if TESTS not in name and not name.endswith("/")]
        return {name: b"" if name in DOCUMENTATION else files.read(name) for name in names}
