"""The doors of training: picture files, and each kind of data set."""

import functools
import gzip
import io
import json
import os
import shutil
import zlib
from pathlib import Path

import numpy as np

from tests.fuzz import npy, pictures, zips
from tests.fuzz.damage import damaged, noise
from tests.fuzz.door import Door, folder
from tests.number_reader import hand
from training.data.errors import DataError
from training.data.opening import open_dataset
from training.data.pictures import decode, read_picture


def assert_picture(picture):
    assert picture.dtype == np.uint8
    assert picture.size
    assert picture.ndim == 2 or (picture.ndim == 3 and picture.shape[2] in (3, 4))


def decoded(content):
    assert_picture(decode(content, "the picture"))
    return "decoded"


def opened(path):
    """Opens a data set and looks at one of the things that it holds."""
    dataset = open_dataset(path)
    n = len(dataset)
    assert n == len(dataset.texts) == len(dataset.labels) == len(dataset.groups) == len(dataset.split) > 0
    index, variant = n // 2, n % len(dataset.variants)
    assert_picture(dataset.picture(index, variant))
    pen = dataset.pen(index, variant)
    assert pen is None or all(np.isfinite(stroke).all() for stroke in pen)
    if n <= 100:  # of more, other processes might be asked
        dataset.check()
    return "opened"


def written(name, content):
    path = folder() / name
    path.write_bytes(content)
    return path


# --- zips of pictures -----------------------------------------------------------------------


def zip_file(rng):
    parts = {}
    for k in range(rng.choice((1, 2, 5))):
        picture = pictures.made(rng) if rng.random() < 0.3 else pictures.right(rng.randrange(4))
        parts[rng.choice(NAMES).format(rng.randrange(10), k)] = picture
    way = rng.randrange(12)
    if way == 0:
        return noise(rng)
    if way < 3:
        return damaged(zips.assembled([zips.Member(name.encode(), data) for name, data in parts.items()]), rng)
    if way == 3:
        return numbered(rng)
    return zips.hostile(parts, rng)


NAMES = (
    "{}/{}.png", "{}/{}.png", "{}/{}.png", "set/{}/{}.PNG", "{}/{}.jpg", "./{}/{}.gif", "{}//{}.bmp", "{}{}.png",
    "9/{}/{}.tif", "x/{}/{}.zip", "__MACOSX/{}/._{}.png", "{}/.{}.png", "{}/{}.heic", "{}/{}.JFIF", "dot/{}{}.png",
    "zero/{}/{}.png",
    "{}/../{}.png", "/{}/{}.png", "{}\\{}.png", "{}/{}\n.png", "\u0663/{}{}.png", "{}/\U0001f4a3{}.webp", "{}/{}.png/",
)  # fmt: skip


def numbered(rng):
    """As many pictures as the Kaggle set has, all of them the same few bytes, with names that are no numbers."""
    one = zips.Member(b"0/0.png", pictures.right(0))
    members = [one]
    count = 10_773 if rng.random() < 0.005 else 30
    for k in range(10 * count - 1):
        name = b"%d/%d.png" % (k % 10, k // 10 + 1)
        members.append(zips.Member(name, one.data, directory_only=True, over=one, stream=b"", packed=len(one.data)))
    members[-1].name = rng.choice((b"9/%s.png" % (b"7" * 5000), "9/\u0663.png".encode(), b"9/-1.png", members[-1].name))
    return zips.assembled(members, end={"entries": len(members) % 2**16})


def open_zip(content):
    return opened(written("digits.zip", content))


# --- mnist.npz ------------------------------------------------------------------------------

ARRAYS = {"x_train": ("uint8", 3), "y_train": ("uint8", 1), "x_test": ("uint8", 3), "y_test": ("uint8", 1)}


@functools.cache
def _mnist():
    rng = np.random.default_rng(0)
    out = io.BytesIO()
    arrays = {
        key: rng.integers(0, 10, (30, 8, 8)[:dimensions]).astype(dtype) for key, (dtype, dimensions) in ARRAYS.items()
    }
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def mnist_file(rng):
    if rng.random() < 0.1:
        parts = {}
        count, shape = (
            rng.choice((0, 1, 5, 100_000)),
            rng.choice(((8, 8), (0, 0), (1, 1), (4, 4), (1, 0), (1000, 1000))),
        )
        for side in ("train", "test"):
            few = count if count * shape[0] * shape[1] < 10**7 else 5
            parts[f"x_{side}.npy"] = npy.npy(np.zeros((few, *shape), np.uint8))
            parts[f"y_{side}.npy"] = npy.npy(np.zeros(few, np.uint8))
        return npy.packed(parts)
    return npy.hostile(_mnist(), ARRAYS, rng)


def open_mnist(content):
    return opened(written("mnist.npz", content))


# --- pen strokes ----------------------------------------------------------------------------


def records(rng):
    """Lines of JSON: right records, and others."""
    lines = []
    for _ in range(rng.choice((1, 2, 5))):
        digit = rng.randrange(10)
        strokes = [[[round(x, 3), round(y, 3)] for x, y in stroke] for stroke in hand.DIGITS[digit]]
        record = {"label": str(digit), "writer": "somebody", "strokes": strokes}
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            rng.choice(CHANGES)(record, rng)
        lines.append(json.dumps(record).encode())
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        lines.insert(rng.randrange(len(lines) + 1), rng.choice(LINES)(rng))
    return b"\n".join(lines)


def anything(rng, depth=3):
    """Any value of JSON."""
    way = rng.randrange(10 if depth else 7)
    if way < 7:
        return rng.choice(
            (
                None,
                True,
                0,
                -1,
                7,
                1.5,
                1e308,
                -1e308,
                10**30,
                2**63,
                "",
                "7",
                "x",
                "\ud800",
                "\0",
                "9" * 5000,
                float("nan"),
                float("inf"),
            )
        )
    if way == 7:
        return {rng.choice(("label", "x", "")): anything(rng, depth - 1) for _ in range(rng.randrange(3))}
    return [anything(rng, depth - 1) for _ in range(rng.choice((0, 1, 2, 2, 3)))]


def _any_key(record, rng):
    record[rng.choice(("label", "writer", "strokes", "kind", "digitlike", "x"))] = anything(rng)


def _no_key(record, rng):
    record.pop(rng.choice(sorted(record)), None)


def _long_text(record, rng):
    record[rng.choice(("label", "writer"))] = rng.choice(("7", "x", "\U0001f4a3", "\u0663")) * rng.choice(
        (99, 100, 101, 10**5)
    )


def _number(record, rng):
    record["label"] = rng.choice(("20", "1234567890", "00000", "-1", "+1", "1.5", "1 ", "\u0663", "7\n"))


def _far(record, rng):
    by = rng.choice((1.9, 2, 2.1, 1e-9, 1e30, -1, 0))
    if isinstance(record.get("strokes"), list):
        record["strokes"] = [[[x * by, y] for x, y in hand.DIGITS[3][0]]]


def _scribble(record, rng):
    count = rng.choice((10, 300, 4_999, 5_001))
    span = rng.choice((1e-6, 0.01, 2))
    record["strokes"] = [[[k % 2 * span, 0.0] for k in range(count)]]


def _many(record, rng):
    record["strokes"] = [[[0.5, 0.5]]] * rng.choice((1_000, 1_001, 20_000))


def _odd_point(record, rng):
    record["strokes"] = [[[0, anything(rng)], [1, 1]], *rng.choice(([], [[]], [[[0, 0, 0]]], [0], [None], [[[]]]))]


CHANGES = (_any_key, _any_key, _no_key, _long_text, _number, _far, _scribble, _many, _odd_point)
LINES = (
    lambda rng: b"", lambda rng: b"   ", lambda rng: b"{", lambda rng: b"[" * rng.choice((10, 100_000)),
    lambda rng: b'{"a":' * 5_000,
    lambda rng: b"9" * rng.choice((4_000, 5_000, 10**5)), lambda rng: b"\xff\xfe", lambda rng: b"\xef\xbb\xbf{}",
    lambda rng: noise(rng),
    lambda rng: json.dumps(anything(rng)).encode(), lambda rng: b" " * 1_000_001, lambda rng: b"\n" * 10_000,
    lambda rng: b'"' + b"\\u0000" * 1000,
    lambda rng: b'{"label":"1","label":"2","writer":"w","strokes":[[[0,0]]]}', lambda rng: b"-1e99999",
    lambda rng: b"[" + b"0," * 10**5 + b"0]",
)  # fmt: skip


def stroke_file(rng):
    way = rng.randrange(12)
    if way == 0:
        return rng.choice((b"", b"\x1f\x8b", noise(rng), b"{}"))
    if way == 1:  # far more than it is
        count = rng.choice((10**6, 10**7, 3 * 10**8)) if rng.random() < 0.3 else 10**6
        return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + zips.zeros(count) + bytes(8)
    if way == 2:
        line = rng.choice((b"\n", b"[]\n", b'{"label":"1","writer":"w","strokes":[[[0,0]]]}\n', b"0,"))
        return gzip.compress(line * rng.choice((1_000, 30_000, 300_000)), rng.choice((1, 9)), mtime=0)
    content = gzip.compress(records(rng), 1, mtime=0)
    if way < 6:
        return damaged(content, rng)
    if way == 6:
        return content + rng.choice(
            (content, gzip.compress(b"", mtime=0) * 500, bytes(100), b"\x1f\x8b", zlib.compress(b"x"))
        )
    return content


def open_strokes(content):
    return opened(written("strokes.jsonl.gz", content))


# --- lists of pictures ----------------------------------------------------------------------


def list_file(rng):
    entries = []
    for _ in range(rng.choice((1, 1, 2, 5))):
        entry = {"file": "a.png", "lines": ["12", "3"], "kind": "paper_photo", "source": "somebody"}
        for _ in range(rng.choice((0, 1, 1, 2))):
            key = rng.choice(sorted(entry))
            entry[key] = rng.choice(FILES) if key == "file" and rng.random() < 0.7 else anything(rng)
        if rng.random() < 0.1:
            entry[rng.choice(("source", "file"))] = "x" * rng.choice((200, 201, 5_000))
            entry["lines"] = ["7" * rng.choice((1, 200, 201, 10**5))]
        entries.append(entry if rng.random() < 0.95 else anything(rng))
    if rng.random() < 0.02:
        entries = entries * (rng.choice((10**5, 3 * 10**6, 11 * 10**6)) // (len(json.dumps(entries)) + 1))
    content = json.dumps(entries if rng.random() < 0.95 else anything(rng)).encode()
    way = rng.randrange(10)
    if way == 0:
        return damaged(content, rng)
    if way == 1:
        return rng.choice(LINES)(rng)
    return b"\xef\xbb\xbf" + content if way == 2 else content


FILES = (
    "a.png", "b.png", "missing.png", "below", "../a.png", "/etc/passwd", "..\\a.png", "", ".", "..", "a.png/b",
    "a.png\0", "\ud800.png", "x" * 300,
    "below/../a.png", "pipe.png", "./a.png", "\x1b[2J.png", "/dev/zero", "C:/a.png", "//a.png", "a.png ", "loop.png",
)  # fmt: skip


@functools.cache
def _beside():
    """The pictures that lists speak of."""
    root = folder() / "beside"
    (root / "below").mkdir(parents=True)
    (root / "a.png").write_bytes(pictures.right(1))
    (root / "b.png").write_bytes(pictures.right(1)[:60])
    os.mkfifo(root / "pipe.png")
    os.symlink("loop.png", root / "loop.png")
    return root


def open_list(content):
    path = _beside() / "list.json"
    path.write_bytes(content)
    return opened(path)


# --- folders and paths ----------------------------------------------------------------------


def tree(rng):
    """[(name, what it is, its content or where it leads)] of a folder; and which of them is to be opened."""
    things = []
    for k in range(rng.choice((0, 1, 2, 4))):
        name = rng.choice(PLACES).format(rng.randrange(10), k)
        kind = rng.choice(("file", "file", "file", "file", "link", "pipe", "folder", "sparse"))
        content = pictures.right(0) if rng.random() < 0.8 else pictures.made(rng)
        if kind == "link":
            content = rng.choice(LEADS_TO)
        things.append((name, kind, content))
    name = rng.choice(
        (None, None, None, None, "", "x", "missing", "n" * 5_000, "\0", "x\0.npz", "\ud800.zip", "pipe", "nothing.csv")
    )
    suffix = rng.choice((".npz", ".zip", ".jsonl.gz", ".json", "", ".csv"))
    return things, name, suffix


PLACES = (
    "{}/{}.png", "{}/{}.png", "{}/{}.png", "{}{}.png", "x/{}/{}.jpg", "{}/{}.png/1.png", "{}/{}.txt", "{}/\udcff{}.png",
    "{}/._{}.png", ".x/{}/{}.png", "Comma/{}{}.jpe", "{}/{}.HEIC", "one/{}/{}.avif",
)  # fmt: skip
LEADS_TO = (
    b"loop", b"/dev/zero", b"/etc/passwd", b"/dev/stdin", b"..", b"../..", b"missing", b"/", b"1.png",
    b"/proc/self/mem",
)  # fmt: skip


def open_tree(made):
    things, name, suffix = made
    root = folder() / "tree"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for each, kind, content in things:
        path = root / each
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if kind == "link":
                os.symlink(os.fsdecode(content), path)
            elif kind == "pipe":
                os.mkfifo(path)
            elif kind == "folder":
                path.mkdir()
            else:
                path.write_bytes(content)
                if kind == "sparse":
                    os.truncate(path, 10**12)
        except (OSError, ValueError):
            continue  # two of them want the same place
    if name is None:
        return opened(root)
    target = f"{root}/{name}{suffix}"
    if name == "pipe":
        os.mkfifo(target)
    try:
        return opened(target)
    finally:
        if suffix in (".csv", ""):
            read_picture(Path(target))


DOORS = (
    Door("pictures", pictures.made, decoded, (DataError,), 1_000),
    Door("zips", zip_file, open_zip, (DataError,), 1_000, in_proportion=True),
    Door("mnist", mnist_file, open_mnist, (DataError,), 300, in_proportion=True),
    Door("stroke-files", stroke_file, open_strokes, (DataError,), 300, in_proportion=True),
    Door("lists", list_file, open_list, (DataError,), 300),
    Door("folders", tree, open_tree, (DataError,), 1_000),
)
