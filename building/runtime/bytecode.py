"""Python sources made into bytecode by the page's own Python: Pyodide under Node, where Node is there.

What is compiled at every start of the page takes half of the start. Without Node the page is built from source, and
starts the slower.
"""

import hashlib
import io
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
NODE_SECONDS = 600
CACHE_TAG = "cache_tag"  # among what was compiled: how Python names the bytecode that lies beside a source
EPOCH = (1980, 1, 1, 0, 0, 0)  # the time of every file in an archive: the same files give the same archive


class NoCompiler(Exception):
    """There is no Node, or it could not do it; the message says why."""


def zipped(files):
    """The bytes of a ZIP of {name: bytes}, nothing in it compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), files[name])
    return out.getvalue()


def unzipped(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def compiled(sources, runtime, cache):
    """Bytecode {"name.pyc": bytes} of sources {"name.py": bytes}, and CACHE_TAG.

    runtime: the files of Pyodide, {name: bytes}. cache: a folder that keeps what was compiled before. NoCompiler
    where there is nothing to compile with.
    """
    asked = zipped(sources)
    compiler = [(HERE / name).read_bytes() for name in ("compile.py", "compile.mjs")]
    versions = [asked, *compiler, *(runtime[name] for name in sorted(runtime))]
    key = hashlib.sha256(b"".join(hashlib.sha256(data).digest() for data in versions)).hexdigest()
    kept = Path(cache) / f"bytecode-{key}.zip"
    try:
        return unzipped(kept.read_bytes())
    except (OSError, zipfile.BadZipFile):
        pass
    made = compile_under_node(asked, runtime)
    files = unzipped(made)
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
        whole = Path(scratch) / "whole"
        whole.write_bytes(made)
        whole.replace(kept)  # never half a file under its final name
    return files


def compile_under_node(asked, runtime):
    node = shutil.which("node")
    if node is None:
        raise NoCompiler("Node is not installed")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, data in runtime.items():
            (folder / name).write_bytes(data)
        (folder / "sources.zip").write_bytes(asked)
        command = [node, HERE / "compile.mjs", folder, folder / "sources.zip", folder / "bytecode.zip"]
        try:
            result = subprocess.run(
                command, check=False, capture_output=True, text=True, errors="replace", timeout=NODE_SECONDS
            )
        except subprocess.TimeoutExpired:
            raise NoCompiler(f"Node took more than {NODE_SECONDS} s") from None
        if result.returncode:
            raise NoCompiler(f"Node could not do it: {result.stderr[-500:]}")
        return (folder / "bytecode.zip").read_bytes()
