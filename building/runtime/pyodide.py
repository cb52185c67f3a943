"""What the build changes in Pyodide's own list of packages: the page brings numpy itself, so the list names none."""

import json
from collections.abc import Mapping

from building.common import BuildError


def without_packages(data: bytes, checksums: Mapping[str, str]) -> tuple[bytes, str]:
    """Pyodide's list of packages, bytes, with none; and numpy's version.

    checksums: the SHA-256 of each file of the runtime, by name. BuildError unless numpy's wheel is the one of the list.
    """
    lock = json.loads(data)
    numpy = lock["packages"]["numpy"]
    if checksums.get(f"pyodide/{numpy['file_name']}") != numpy["sha256"]:
        raise BuildError(f"runtime-lock.json lacks Pyodide's own numpy, {numpy['file_name']}")
    lock["packages"] = {}
    return json.dumps(lock, indent=2, sort_keys=True).encode(), numpy["version"]
