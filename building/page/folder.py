"""Writes the page to a folder, whole or not at all."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from building.common import BuildError
from building.page import making, offline


def build_folder(output: str | Path, *project: Any, **how: Any) -> None:
    """Write the page's folder, whole or not at all: a failed build leaves the last one as it was.

    project, how: what making.make takes. BuildError says what stands in the way; OSError comes from the file system.
    """
    output = Path(output).resolve()
    if output.exists() and not (output / "index.html").is_file() and any(output.iterdir()):
        raise BuildError(f"{output} holds something else than a built page; it is left as it is")
    page = making.make(*project, **how)
    offline.finish(page)
    write_whole(output, page)


def write_whole(output: Path, content: bytes | Mapping[str, bytes]) -> None:
    """Put a file's bytes, or a folder's files {path: bytes}, in place of `output`; OSError leaves that as it was."""
    output.parent.mkdir(parents=True, exist_ok=True)
    # A sibling of the output, so that putting it in place is a rename.
    with tempfile.TemporaryDirectory(prefix=".build-", dir=output.parent) as scratch:
        new, old = Path(scratch) / "new", Path(scratch) / "old"
        for name, data in [("", content)] if isinstance(content, bytes) else content.items():
            target = new / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        if output.exists():
            output.rename(old)
        try:
            new.rename(output)
        except OSError:
            if old.exists():
                old.rename(output)
            raise
