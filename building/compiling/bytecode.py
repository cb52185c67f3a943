"""Python sources made into bytecode by the page's own Python: Pyodide under Node, where Node is there.

Compiling at every start of the page takes half of the start. Without Node the page is built from source and starts more
slowly.
"""

import hashlib
import json
import posixpath
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Set
from pathlib import Path

from building.runtime.zips import kept, zipped

HERE = Path(__file__).resolve().parent
NODE_SECONDS = 600
CACHE_TAG = "cache_tag"  # among what was compiled: how Python names the bytecode that lies beside a source


class NoCompiler(Exception):
    """There is no Node, or it failed; the message says why."""


Archives = dict[str, dict[str, bytes]]  # {archive: {name: bytes}}


def with_bytecode(
    archives: Archives, runtime: Mapping[str, bytes], cache: str | Path, ran: Mapping[str, Set[int]] | None = None
) -> Archives:
    """The archives with bytecode in place of each Python source; runtime, cache, NoCompiler: see compiled.

    ran: {"archive/name.py": functions that ran, by stubs.codes} of sources whose other functions are to come apart, in one
    more archive, "rest".
    """
    sources = {
        f"{archive}/{name}": data
        for archive, files in archives.items()
        for name, data in files.items()
        if name.endswith(".py")
    }
    made = compiled(sources, runtime, cache, ran or {})
    tag = made.pop(CACHE_TAG).decode()
    archives = {
        archive: {name: data for name, data in files.items() if f"{archive}/{name}c" not in made}
        for archive, files in archives.items()
    }
    for path, data in made.items():
        archive, _, name = path.partition("/")
        archives.setdefault(archive, {})[name] = data
    return archives | {"pyscript": {beside_source(name, tag): data for name, data in archives["pyscript"].items()}}


def beside_source(name: str, tag: str) -> str:
    """Where Python looks for the bytecode "folder/name.pyc" if the source is there too."""
    folder, file = posixpath.split(name)
    return f"{folder}/__pycache__/{file.removesuffix('.pyc')}.{tag}.pyc"


def compiled(
    sources: Mapping[str, bytes], runtime: Mapping[str, bytes], cache: str | Path, ran: Mapping[str, Set[int]]
) -> dict[str, bytes]:
    """Bytecode {"name.pyc": bytes} of sources {"name.py": bytes}, CACHE_TAG, and the rest, if any: see compile.py.

    runtime: the files of Pyodide, {name: bytes}. cache: a folder that keeps what was compiled before. NoCompiler
    when Node is missing or fails.
    """
    asked = zipped(sources)
    told = json.dumps({name: sorted(ran[name]) for name in sorted(ran.keys() & sources.keys())}).encode()
    compiler = [(HERE / name).read_bytes() for name in ("compile.py", "compile.mjs", "stubs.py", "cold.py")]
    versions = [asked, told, *compiler, *(runtime[name] for name in sorted(runtime))]
    key = hashlib.sha256(b"".join(hashlib.sha256(data).digest() for data in versions)).hexdigest()
    return kept(Path(cache) / f"bytecode-{key}.zip", lambda: compile_under_node(asked, told, runtime))


def compile_under_node(asked: bytes, told: bytes, runtime: Mapping[str, bytes]) -> bytes:
    """A ZIP of bytecode for a ZIP of sources, asked, and the JSON of what ran of them, told; NoCompiler as compiled."""
    node = shutil.which("node")
    if node is None:
        raise NoCompiler("Node is not installed")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, data in runtime.items():
            (folder / name).write_bytes(data)
        (folder / "sources.zip").write_bytes(asked)
        (folder / "ran.json").write_bytes(told)
        command: list[str | Path] = [
            node,
            HERE / "compile.mjs",
            folder,
            folder / "sources.zip",
            folder / "ran.json",
            folder / "bytecode.zip",
        ]
        try:
            result = subprocess.run(
                command, check=False, capture_output=True, text=True, errors="replace", timeout=NODE_SECONDS
            )
        except subprocess.TimeoutExpired:
            raise NoCompiler(f"Node took more than {NODE_SECONDS} s") from None
        if result.returncode:
            raise NoCompiler(f"Node could not do it: {result.stderr[-500:]}")
        return (folder / "bytecode.zip").read_bytes()
