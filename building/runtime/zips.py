"""ZIPs of what was made: the same files give the same bytes, and a build finds what an earlier one has made."""

import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)  # the time of every file in an archive


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The bytes of a ZIP of {name: bytes}, nothing in it compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), files[name])
    return out.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    """{name: bytes} of a ZIP; zipfile.BadZipFile if it is none."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def kept(path: Path, make: Callable[[], bytes]) -> dict[str, bytes]:
    """{name: bytes} of the ZIP at `path`; where there is none, or half of one, it is made, and kept there."""
    try:
        return unzipped(path.read_bytes())
    except (OSError, zipfile.BadZipFile):
        pass
    made = make()
    files = unzipped(made)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        whole = Path(scratch) / "whole"
        whole.write_bytes(made)
        whole.replace(path)  # never half a file under its final name
    return files
