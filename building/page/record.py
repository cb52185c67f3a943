"""How a build was made, for dist/build.json: all that its bytes depend on.

Nothing in it differs from one build of the same commit with the same tools to the next, so it has no time and no path.
"""

import functools
import hashlib
import json
import platform
import shutil
import subprocess
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path

from building.runtime.packing import unpacked_files

NAME = "build.json"
INPUTS = (
    *("site", "building", "build.py", "LICENSE", "pyproject.toml"),
    *("runtime-lock.json", "runtime-used.json", "runtime-ran.json"),
)


def record(
    project: Path, page: Mapping[str, bytes], versions: Mapping[str, str], url: str | None, **inputs: bytes | None
) -> bytes:
    """The bytes of the file.

    project: the folder that site/ lies in. page: what was built, {path: bytes}. inputs: other bytes that it was built
    from, by name, or None.
    """
    commit, changed = commit_of(project)
    told = {
        "commit": commit,
        "changed since": changed,
        "versions": versions,
        "address": url,
        "sha256": {name: data and hashlib.sha256(data).hexdigest() for name, data in inputs.items()},
        "shipped as": "bytecode" if has_bytecode(page) else "source",
        "tools": {
            "Python": f"{platform.python_implementation()} {platform.python_version()}",
            "zlib": zlib.ZLIB_RUNTIME_VERSION,  # others compress to other bytes
            "Node": node_version(),  # the bytecode is Pyodide's, whichever Node ran it
            "system": sys.platform,
        },
    }
    return (json.dumps(told, indent=2, sort_keys=True) + "\n").encode()


def commit_of(project: Path) -> tuple[str, bool] | tuple[None, None]:
    """The commit that a project stands at, and whether its page is made of something else; None, None if unknown."""
    try:
        top = git(project, "rev-parse", "--show-prefix")
        commit = git(project, "rev-parse", "HEAD")
        changed = git(project, "status", "--porcelain", "--", *INPUTS)
    except (OSError, subprocess.SubprocessError):
        return None, None
    return (commit, bool(changed)) if not top else (None, None)  # else it lies in somebody else's repository


def git(project: Path, *arguments: str) -> str:
    """What git prints; OSError or subprocess.SubprocessError when it is missing, fails or takes more than a minute."""
    command = ["git", "-C", str(project), *arguments]
    result = subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    return result.stdout.strip()


def node_version() -> str | None:
    """What `node --version` prints; None without Node."""
    node = shutil.which("node")
    return node and version_of(node)


@functools.cache
def version_of(program: str) -> str | None:
    """What `program --version` prints; None when it fails."""
    try:
        result = subprocess.run([program, "--version"], check=True, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return None
    return result.stdout.strip()


def has_bytecode(page: Mapping[str, bytes]) -> bool:
    """Whether the page's Python is bytecode."""
    worker = next(data for name, data in page.items() if name.endswith("/worker.packed"))
    return any(name.endswith(".pyc") for name in unpacked_files(worker))
