"""The cache of downloaded files, .cache/runtime unless NUMBER_READER_CACHE names another folder."""

import os
import tempfile
from pathlib import Path

from building.common import ROOT
from building.sources.lock import RuntimeFile, mismatch


class Cache:
    """Files of earlier builds, each under its SHA-256; a damaged one is thrown away."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def read(self, file: RuntimeFile) -> bytes | None:
        """The file's bytes, whole; None if it is not cached, or damaged, which is printed. OSError as from the disk."""
        path = self.folder / file.sha256
        try:
            with path.open("rb") as stream:
                data = stream.read(file.size + 1)
        except FileNotFoundError:
            return None
        if damage := mismatch(file, data):
            print(f"{file.name} was damaged in the cache and is fetched again: {damage}")
            path.unlink()
            return None
        return data

    def keep(self, file: RuntimeFile, data: bytes) -> None:
        """Caches the file's bytes, which are checked already. OSError as from the disk."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            whole = Path(scratch) / file.sha256
            whole.write_bytes(data)
            whole.replace(self.folder / file.sha256)  # never half a file under its final name


def usual_cache() -> Cache:
    """The cache of an ordinary build."""
    return Cache(os.environ.get("NUMBER_READER_CACHE") or ROOT / ".cache" / "runtime")
