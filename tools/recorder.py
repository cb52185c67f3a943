"""A page whose Python notes which functions of its library and of numpy ran: what tools/ran.py has walked for stubs."""

import gzip
import json

from used import ROOT  # first: it says where the modules below are

from building.runtime.packing import packed
from building.runtime.zips import unzipped, zipped

LIBRARY = "/python_stdlib.zip.packed"
# Python imports it when it starts, before Pyodide's own modules.
RECORDER = """
import sys

monitoring = sys.monitoring
TOOL, START = 3, monitoring.events.PY_START
seen = set()


def note(code, offset):
    seen.add((code.co_filename, code.co_firstlineno, code.co_qualname))
    return monitoring.DISABLE


monitoring.use_tool_id(TOOL, "ran")
monitoring.register_callback(TOOL, START, note)
monitoring.set_events(TOOL, START)
"""
# A door of the worker: what ran until now, {file: numbers of functions}. What it does itself is not noted.
TELL = """
__export__.append("python_ran")
def python_ran():
    import sitecustomize as recorder
    recorder.monitoring.set_events(recorder.TOOL, 0)
    try:
        import json, sys
        from _stubs import codes
        ran = {}
        for name, module in list(sys.modules.items()):
            spec = getattr(module, "__spec__", None)
            origin = str(getattr(spec, "origin", None))
            if origin.endswith(".pyc"):
                code = spec.loader.get_code(spec.name)
                places = [(code.co_filename, each.co_firstlineno, each.co_qualname) for each in codes(code)]
                ran[code.co_filename] = [number for number, place in enumerate(places) if place in recorder.seen]
        return json.dumps(ran)
    finally:
        recorder.monitoring.set_events(recorder.TOOL, recorder.START)
"""


def with_recorder(page):
    """The page {path: bytes} whose Python notes what runs; its worker.py is to end with TELL."""
    path = next(path for path in page if path.endswith(LIBRARY))
    files = unzipped(gzip.decompress(page[path]))
    files["sitecustomize.py"] = RECORDER.encode()
    files["_stubs.py"] = (ROOT / "building" / "compiling" / "stubs.py").read_bytes()
    return page | {path: packed(zipped(files))}


def add(answer, ran, used):
    """Adds to `ran`, {archive: {file: functions}}, what a worker says; used: {archive: files} that the page has."""
    for file, numbers in json.loads(answer).items():
        for archive, names in used.items():
            if file in names:
                ran.setdefault(archive, {}).setdefault(file, set()).update(numbers)
