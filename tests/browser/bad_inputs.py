"""What is wrong in every way that is known: files, pictures, strokes, and faults of our own; and a way to hand it all
to the page's worker at its doors, past the page. bad_inputs_worker.py opens a few more.

test_bad_inputs.py does so on what is shipped, and tools/used.py to find out what has to be.
"""

import base64
import io
import tempfile
import warnings
import zipfile
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings

from number_reader.storage import model, taught
from tests.browser.picture_files import encoded, handwriting
from tests.number_reader.conftest import small_model
from tests.number_reader.damage import bomb, changed, claims, damaged, members, npy, npy_with_header, zipped
from tests.number_reader.storage import test_model, test_taught

DOORS = (Path(__file__).parent / "bad_inputs_worker.py").read_text("utf-8")
SOME = 40  # of the files that chance damaged
UNCOMPRESSED = 0


def worker_with_doors(worker):
    """The text of the page's worker, with the tests' doors."""
    return worker + "\n\n" + DOORS


# --- files --------------------------------------------------------------------------------------


def drawn(strategy, count=SOME):
    """The same examples of a Hypothesis strategy every time."""
    found = []

    @settings(max_examples=count, derandomize=True, database=None, phases=[Phase.generate], deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(strategy)
    def collect(example):
        found.append(example)

    collect()
    return found


HEADERS = {
    "of Python 2": "{'descr': '|u1', 'fortran_order': False, 'shape': (5L, 28L, 28L), }",
    "never closed": "{'descr': '|u1', 'fortran_order': False, 'shape': (5,",
    "never closed, of Python 2": "{'descr': '|u1', 'fortran_order': False, 'shape': (5L,",
    "with a text never closed": "{'descr': '|u1",
    "indented": "  {'descr': '|u1'}\n {",
    "deep": "[" * 900,
    "longer than any": "{'descr': '|u1', 'fortran_order': False, 'shape': (" + "1, " * 700 + ")}",
    "a call": "__import__('os').abort()",
    "a name": "descr",
    "a long number": "1" * 900,
    "not of ASCII": "{'descr': '|u1', 'ü€😀': 1}",
    "a backslash": "{'descr': '|u1\\N{NO SUCH NAME}'}",
    "a surrogate": "{'descr': '\\ud800'}",
    "no mapping": "5",
    "other keys": "{'descr': '|u1'}",
    "no type": "{'descr': 'nonsense', 'fortran_order': False, 'shape': (1,)}",
    "a type of once": "{'descr': '|a5', 'fortran_order': False, 'shape': (1,)}",
    "a type of several": "{'descr': [('a', '<i4'), ('b', '|u1', (2,))], 'fortran_order': False, 'shape': (1,)}",
    "a type of several, the same twice": "{'descr': [('a', '<i4'), ('a', '|u1')], 'fortran_order': False, 'shape': ()}",
    "dates": "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (1, 1, 1)}",
    "words": "{'descr': '<U9999', 'fortran_order': False, 'shape': (1, 1, 1)}",
    "objects": "{'descr': '|O', 'fortran_order': False, 'shape': (1, 1, 1)}",
    "a shape of text": "{'descr': '|u1', 'fortran_order': False, 'shape': 'abc'}",
    "a shape that is huge": "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999, 28, 28)}",
    "columns first": "{'descr': '|u1', 'fortran_order': True, 'shape': (5, 28, 28)}",
}


def written(parts, method, **flags):
    """A zip by another method, or with bytes changed in the header of its first member: {offset: byte}."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    content = bytearray(out.getvalue())
    directory = content.rindex(b"PK\1\2", 0, content.rindex(b"PK\1\2")) if len(parts) > 1 else content.index(b"PK\1\2")
    for offset, byte in flags.get("local", {}).items():
        content[offset] = byte
    for offset, byte in flags.get("central", {}).items():
        content[directory + offset] = byte
    return bytes(content)


def twice(content, key):
    out = io.BytesIO(content)
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as archive:
        warnings.simplefilter("ignore")  # that is what is meant
        archive.writestr(key + ".npy", members(content)[key + ".npy"])
    return out.getvalue()


def bad_taught():
    """{what it is: a file that may be imported, or may not}."""
    right = taught.pack(*test_taught.some(5))
    parts = members(right)
    files = {"right": right, "empty": b"", "text": b"These are no digits.", "a picture": encoded(handwriting("5"))}
    files |= {name: test_taught.written(**arrays) for name, (arrays, _) in test_taught.WRONG.items()}
    files |= {f"cut at {end}": right[:end] for end in range(1, len(right), len(right) // 12)}
    files |= {f"glyphs {name}": changed(right, "glyphs", npy_with_header(text, b"x")) for name, text in HEADERS.items()}
    files |= {f"damaged {i}": content for i, content in enumerate(drawn(damaged(right)))}
    files |= {f"claim {i}": changed(right, "labels", content) for i, content in enumerate(drawn(claims()))}
    files |= {f"bomb {honest}": bomb(members(right)["version.npy"], honest) for honest in (True, False)}
    for version in (b"\3\0", b"\2\0", b"\x09\0"):
        files[f"array format {version}"] = changed(right, "labels", b"\x93NUMPY" + version + npy(np.uint8([1]))[8:])
    files["a key twice"] = twice(right, "labels")
    files["one uncompressed byte changed"] = zipped(parts)[:60] + b"\x55" + zipped(parts)[61:]
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        files[f"method {method}"] = written(parts, method)
    for method in (1, 9, 93, 95, 99):
        files[f"method {method}, so it says"] = written(parts, UNCOMPRESSED, local={8: method}, central={10: method})
    files["encrypted, so it says"] = written({"version.npy": b"x" * 20}, UNCOMPRESSED, local={6: 1}, central={8: 1})
    files["patched, so it says"] = written({"version.npy": b"x" * 20}, UNCOMPRESSED, local={6: 32}, central={8: 32})
    files["of a later zip, so it says"] = written({"version.npy": b"x" * 20}, UNCOMPRESSED, central={6: 99})
    files["names not of ASCII"] = zipped(parts | {"ümlaut😀.npy": b""})
    files["a name that is no UTF-8"] = zipped(parts | {"\xfcmlaut.npy": b""}).replace("ü".encode(), b"\xff\xfe")
    files["a name of another page of code"] = written({"e.npy": b""}, UNCOMPRESSED).replace(b"e.npy", b"\x82.npy")
    return files


def bad_models():
    """{what it is: a file of a model}. The right one is tiny."""
    with tempfile.TemporaryDirectory() as folder:
        model.save(Path(folder) / "small.npz", **small_model())
        right = (Path(folder) / "small.npz").read_bytes()
    files = {"right": right, "empty": b"", "text": b"<!doctype html>", "cut": right[: len(right) // 2]}
    for key, values in test_model.WRONG.items():
        files |= {f"{key} {i}": changed(right, key, npy(value)) for i, value in enumerate(values)}
    for i, claim in enumerate(drawn(claims())):
        files[f"claim {i}"] = changed(right, sorted(model.KEYS)[i % len(model.KEYS)], claim)
    files |= {f"damaged {i}": content for i, content in enumerate(drawn(damaged(right)))}
    files["about no text"] = changed(right, "about", npy(np.frombuffer(b"\xff", np.uint8)))
    return files


# --- pictures, strokes, labels and rows -----------------------------------------------------------

# What is asked of a door, in JavaScript: its name, its arguments, and what the answer is like: an answer that has an
# "error", or what is raised.
AT = "((address) => new URL(address, location).href)("
BLANK = "new Uint8ClampedArray(4 * 6).fill(255), 3, 2"
ASKED = [
    ("read", BLANK, ""),
    ("read", "new Uint8ClampedArray(0), 0, 0", "The picture has no pixels."),
    ("read", "new Float32Array(4 * 6), 3, 2", "A picture must hold bytes (uint8), not float32."),
    ("read", "new Float64Array(4 * 6).fill(NaN), 3, 2", "A picture must hold bytes (uint8), not float64."),
    ("read", "new Int32Array(4 * 6), 3, 2", "A picture must hold bytes (uint8), not int32."),
    ("read", "new BigInt64Array(4 * 6), 3, 2", "A picture must hold bytes (uint8), not int64."),
    ("read", "new Uint8ClampedArray(23), 3, 2", "ValueError: cannot reshape array of size 23 into shape (2,3,4)"),
    ("read", "new Uint8ClampedArray(24), 2.5, 2", "TypeError: 'float' object cannot be interpreted as an integer"),
    ("read", f"{BLANK}, new Float32Array(0)", ""),
    ("read", f"{BLANK}, new Float32Array(3)", "ValueError: cannot reshape array of size 3 into shape (2)"),
    ("read", f"{BLANK}, new Float32Array([NaN, NaN, NaN, NaN])", ""),
    ("read", f"{BLANK}, new Float32Array([1, Infinity, 2, 1e38, NaN, NaN])", ""),
    ("read", f"{BLANK}, new BigInt64Array(4)", ""),
    ("read_picture", "new Blob([]), 1", "This picture could not be decoded. Save it as JPEG or PNG and open that."),
    ("read_picture", "new Blob(['no picture']), 2", "This picture could not be decoded."),
    ("read_picture", "new Blob(['<svg/>'], {type: 'image/svg+xml'}), 3", "This picture could not be decoded."),
    ("cancel", "3", ""),
    ("cancel", "'x'", "TypeError: '>' not supported between instances of 'str' and 'int'"),
    ("teach", "new Uint8Array(784), [10]", "ValueError: Each glyph needs a label, a digit from 0 to 9 or a mark."),
    ("teach", "new Uint8Array(784), ['x']", "ValueError: Each glyph needs a label, a digit from 0 to 9 or a mark."),
    ("teach", "new Uint8Array(784), [1, 2]", "ValueError: Each glyph needs a label, a digit from 0 to 9 or a mark."),
    ("teach", "new Uint8Array(783), [1]", "ValueError: cannot reshape array of size 783 into shape (28,28)"),
    ("teach", "new Float32Array(784), [1]", "number_reader.ink.image.ImageError: A glyph must be 28x28 bytes."),
    ("forget", "[5]", "KeyError: "),
    ("forget", "['x']", "KeyError: "),
    ("exemplars", f"[0], {AT}'./nothing-is-here')", "The pictures of the examples could not be fetched. Check the"),
    ("exemplars", f"[0], {AT}'./LICENSE.txt')", "The pictures of the examples could not be used: The example file is"),
    ("pack", "new Uint8Array(784), ['x']", "ValueError: invalid literal for int() with base 10: 'x'"),
    ("pack", "new Uint8Array(784), [300]", "OverflowError: Python integer 300 out of bounds for uint8"),
    ("pack", "new Uint8Array(5), [1]", "ValueError: cannot reshape array of size 5 into shape (28,28)"),
]

# --- faults of our own ----------------------------------------------------------------------------

# Lines of Python that raise, and what the end of the traceback begins with. What numpy says of an array shows it.
FAULTS = {
    "1 / 0": "ZeroDivisionError: division by zero",
    "[].apend": "AttributeError: 'list' object has no attribute 'apend'. Did you mean: ",
    "nump": "NameError: name 'nump' is not defined",
    "whlie True:\n    pass": "SyntaxError: invalid syntax",
    "x = (1,": "SyntaxError: '(' was never closed",
    "if 1:\npass": "IndentationError: expected an indented block",
    "x = 'é': 1": "SyntaxError: ",
    "import nothing_of_this_name": "ModuleNotFoundError: ",
    "from math import nothing_of_this_name": "ImportError: cannot import name 'nothing_of_this_name' from 'math'",
    "assert np.arange(3) is None, np.arange(3)": "AssertionError: [0 1 2]",
    "open('/nothing')": "FileNotFoundError: [Errno 44] No such file or directory: '/nothing'",
    "b'\\xff'.decode()": "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
    "'\\ud800'.encode()": "UnicodeEncodeError: 'utf-8' codec can't encode character",
    "'x'.encode('nothing')": "LookupError: unknown encoding: nothing",
    "int('1' * 9999)": "ValueError: Exceeds the limit (4300 digits) for integer string conversion",
    "import json; json.loads('{')": "json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes",
    "import struct; struct.unpack('<I', b'')": "struct.error: unpack requires a buffer of 4 bytes",
    "import zlib; zlib.decompress(b'x')": "zlib.error: Error -5 while decompressing data",
    "raise ExceptionGroup('several', [ValueError(1), ExceptionGroup('é', [KeyError('é')])])": "ExceptionGroup: several",
    "error = ValueError('one')\nerror.add_note('a note')\nraise error": "ValueError: one\na note",
    "try:\n    1 / 0\nexcept Exception as error:\n    raise KeyError('a') from error": "KeyError: 'a'",
    "def deeper(n): return deeper(n + 1)\ndeeper(0)": "RecursionError: maximum recursion depth exceeded",
    "raise StopIteration(np.eye(2))": "RuntimeError: coroutine raised StopIteration",
    "np.zeros(2).reshape(3)": "ValueError: cannot reshape array of size 2 into shape (3,)",
    "np.zeros(2) + np.zeros(3)": "ValueError: operands could not be broadcast together with shapes (2,) (3,)",
    "np.zeros((2, 2)) @ np.zeros(3)": "ValueError: matmul: Input operand 1 has a mismatch",
    "np.add('a', 1)": "numpy._core._exceptions._UFuncNoLoopError: ufunc 'add' did not contain a loop",
    "np.add(1, 1.5, out=np.zeros(1, int))": "numpy._core._exceptions._UFuncOutputCastingError: Cannot cast ufunc 'add'",
    "np.add(1.5, 1, dtype=int)": "numpy._core._exceptions._UFuncInputCastingError: Cannot cast ufunc 'add' input 0",
    "np.zeros(2).sum(axis=5)": "numpy.exceptions.AxisError: axis 5 is out of bounds for array of dimension 1",
    "np.zeros(1 << 40, np.uint8)": "ValueError: Maximum allowed dimension exceeded",
    "raise np._core._exceptions._ArrayMemoryError((1 << 20, 9), np.dtype('f8'))": (
        "numpy._core._exceptions._ArrayMemoryError: Unable to allocate 72"
    ),
    "np.zeros(9)[9]": "IndexError: index 9 is out of bounds for axis 0 with size 9",
    "np.zeros(9)['a']": "IndexError: only integers, slices",
    "np.array([[1], [1, 2]])": "ValueError: setting an array element with a sequence.",
    "np.dtype('nonsense')": "TypeError: data type 'nonsense' not understood",
    "np.uint8(300)": "OverflowError: Python integer 300 out of bounds for uint8",
    "np.linalg.inv(np.zeros((2, 3)))": "numpy.linalg.LinAlgError: Last 2 dimensions of the array must be square",
    "bool(np.zeros(2))": "ValueError: The truth value of an array with more than one element is ambiguous.",
    "np.frombuffer(b'123', np.uint32)": "ValueError: buffer size must be a multiple of element size",
    "np.concatenate([np.zeros(1), np.zeros((1, 1))])": "ValueError: all the input arrays must have",
    "np.testing_": "AttributeError: module 'numpy' has no attribute 'testing_'",
    "raise ValueError(np.arange(6, dtype=np.float32).reshape(2, 3) / 7)": "ValueError: [[0.  ",
    "raise ValueError(repr(np.arange(9999)))": "ValueError: array([   0,    1,    2, ..., 9996, 9997, 9998]",
    "raise ValueError(np.array([1 + 2j, np.nan, -np.inf]))": "ValueError: [",
    "raise ValueError(np.array(['a', 'é']), np.array([b'a']), np.array([None, 'x']))": "ValueError: (array(['a', 'é']",
    "raise ValueError(np.array([(1, 2.5)], [('a', 'i4'), ('b', 'f8')]))": "ValueError: [(1, 2.5)]",
    "raise ValueError(np.array(['2026-01-01', 'NaT'], 'M8[D]'))": "ValueError: ['2026-01-01'        'NaT']",
    "raise ValueError(np.float32(1) / 3, np.int8(3), np.bool(1))": "ValueError: (np.float32(0.33333334), np.int8(3), np",
    "raise ValueError(np.finfo(np.float32), np.iinfo(np.int8))": "ValueError: (finfo(",
}
# Lines that are well, and yet say something on the console.
GRUMBLES = {
    "import warnings; warnings.warn('careful')": "UserWarning: careful",
    "np.zeros(0).mean()": "RuntimeWarning: Mean of empty slice",
    "async def fault():\n    {}['nothing']\nasyncio.ensure_future(fault())": "KeyError: 'nothing'",
    "asyncio.get_running_loop().call_soon(lambda: {}['none'])": "KeyError: 'none'",
    "import sys; sys.stderr.write('to the error stream\\n')": "to the error stream",
    "import traceback; traceback.print_exception(ValueError('printed'))": "ValueError: printed",
    "import logging; logging.error('logged')": "ERROR:root:logged",
}

# --- handing over -----------------------------------------------------------------------------------

# What a door answers to each of many: the "error" of an answer, "" where there is none, or what was raised.
ANSWERS = """async ([door, many]) => {
  const doors = document.querySelector("script[worker]").xworker.sync;
  const answers = [];
  for (const each of many) {
    try {
      const answer = await doors[door](...each);
      answers.push(typeof answer === "string" ? answer : answer?.error ?? "");
    } catch (error) {
      answers.push(String(error.message ?? error));
    }
  }
  return answers;
}"""
BYTES = "(text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0))"


def hand_files(page, door, files):
    """{what it is: what the door says of it}."""
    texts = [base64.b64encode(content).decode() for content in files.values()]
    hand = f"([door, texts]) => ({ANSWERS})([door, texts.map((text) => [({BYTES})(text)])])"
    return dict(zip(files, page.evaluate(hand, [door, texts]), strict=True))


def ask(page, door, arguments):
    """What the door says to these arguments, in JavaScript."""
    return page.evaluate(f"() => ({ANSWERS})(['{door}', [[{arguments}]]])")[0]


def run(page, sources):
    """{Python: its traceback}."""
    return dict(zip(sources, page.evaluate(ANSWERS, ["run", [[source] for source in sources]]), strict=True))


def missing(page):
    """The modules that were looked for in the worker and are not there."""
    return page.evaluate("() => document.querySelector('script[worker]').xworker.sync.missing()")


def hand_over_everything(page):
    hand_files(page, "unpack", bad_taught())
    hand_files(page, "load_model", bad_models())
    for door, arguments, _ in ASKED:
        ask(page, door, arguments)
    run(page, [*FAULTS, *GRUMBLES])
