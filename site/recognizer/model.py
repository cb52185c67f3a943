"""The model file: an NPZ with the projection, the training vectors and what was calibrated.

Nothing else knows its keys. A file is read key by key, each checked against its declared type and size before
its data is touched, so that a damaged or hostile file ends in a ModelError and in nothing else.
"""

import io
import math
import os
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .features import FEATURES

VERSION = 1
LABELS = 11  # 0..9, and one for what is no digit
NOT_A_DIGIT = 10
MAX_BYTES = 64_000_000  # of one unpacked array
LIMIT = 7  # packed coordinates are whole numbers in -LIMIT..LIMIT

# key: (dtype, number of dimensions)
KEYS = {
    "version": ("int32", 0),
    "projection": ("int8", 2),  # (FEATURES, d)
    "projection_scale": ("float32", 1),  # (d,): projection times this is the real one
    "vectors": ("uint8", 2),  # (n, d / 2): two coordinates to a byte, the first in the high half, each + 8
    "vector_scale": ("float32", 1),  # (d,)
    "counts": ("int64", 1),  # (LABELS,): rows of each label; rows are sorted by label
    "refuse_above": ("float32", 0),  # doubt beyond which a mark is no digit
    "calibration": ("float32", 1),  # (3,): see certainty.confidence
    "about": ("uint8", 1),  # UTF-8 text for people: where it comes from and its licence
}


class ModelError(ValueError):
    """The model file cannot be used; the message says why in plain words."""


@dataclass
class Model:
    """projection: float32 (FEATURES, d). vectors: float32 (n, d), projected training glyphs sorted by label.
    labels: uint8 (n,), NOT_A_DIGIT last. refuse_above, calibration: see `certainty`. about: text."""

    projection: np.ndarray
    vectors: np.ndarray
    labels: np.ndarray
    refuse_above: float
    calibration: np.ndarray
    about: str


def pack(whole):
    """int (n, d) in -LIMIT..LIMIT, d even -> uint8 (n, d / 2)."""
    shifted = (whole + 8).astype(np.uint8)
    return shifted[:, ::2] << 4 | shifted[:, 1::2]


def unpack(packed):
    """uint8 (n, d / 2) -> int8 (n, d) in -8..7."""
    out = np.empty((packed.shape[0], packed.shape[1] * 2), np.int8)
    out[:, ::2] = packed >> 4
    out[:, 1::2] = packed & 15
    return out - np.int8(8)


def round_projection(projection):
    """Round a projection, float (FEATURES, d), to int8 columns: (int8 (FEATURES, d), their scale float32 (d,))."""
    scale = np.maximum(np.abs(projection).max(axis=0), 1e-9).astype(np.float32) / np.float32(127)
    return np.rint(projection / scale).astype(np.int8), scale


def scale_of(vectors):
    """The 4-bit scale, float32 (d,), of vectors, float (n, d): LIMIT is their 99.7th percentile."""
    scale = np.percentile(np.abs(vectors), 99.7, axis=0) / LIMIT
    return np.maximum(scale, 1e-9).astype(np.float32)


def save(path, *, projection, projection_scale, vectors, vector_scale, labels, refuse_above, calibration, about):
    """Write a model file, whole or not at all; the same arguments give the same bytes.

    projection int8 (FEATURES, d), projection_scale (d,), vectors float (n, d), vector_scale (d,), labels (n,)
    in 0..NOT_A_DIGIT.
    """
    order = np.argsort(labels, kind="stable")
    whole = np.clip(np.rint(vectors[order] / vector_scale), -LIMIT, LIMIT).astype(np.int8)
    content = io.BytesIO()
    np.savez_compressed(
        content,
        version=np.int32(VERSION),
        projection=np.ascontiguousarray(projection),
        projection_scale=projection_scale.astype(np.float32),
        vectors=pack(whole),
        vector_scale=vector_scale.astype(np.float32),
        counts=np.bincount(labels, minlength=LABELS).astype(np.int64),
        refuse_above=np.float32(refuse_above),
        calibration=np.asarray(calibration, np.float32),
        about=np.frombuffer(about.encode(), np.uint8),
    )
    write_whole(path, content.getbuffer())


def write_whole(path, content):
    """Write bytes to a file so that it is the old one or the new one, never a part."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def load(source):
    """Read a model file from a path or a binary file object. Returns a Model; ModelError on anything wrong."""
    try:
        with zipfile.ZipFile(source) as archive:
            names = archive.namelist()
            contents = {key: _content(archive, key) for key in KEYS if key + ".npy" in names}
    except FileNotFoundError:
        raise ModelError(f"There is no model at {source}.") from None
    except OSError as error:
        raise ModelError(f"The model can't be read: {error}") from None
    except ModelError:
        raise
    except Exception as error:  # zipfile and zlib raise a dozen kinds on damaged files, ValueError among them
        raise ModelError(f"The model is damaged or no NPZ file: {error}") from None
    missing = [f"'{key}'" for key in KEYS if key not in contents]
    if missing:
        raise ModelError(f"The model lacks {', '.join(missing)}.")
    extra = set(names) - {key + ".npy" for key in KEYS}
    if extra or len(names) != len(KEYS):
        raise ModelError(f"The model holds keys that it should not: {sorted(extra) or 'one of them twice'}.")
    return _build({key: _array(key, contents[key], *kind) for key, kind in KEYS.items()})


def _content(archive, key):
    """The bytes of one member; never more than MAX_BYTES are unpacked, whatever the directory claims."""
    with archive.open(key + ".npy") as member:
        data = member.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES or member.read(1):
            raise ModelError(f"The model's '{key}' is too large.")
    return data


def _array(key, content, dtype, dimensions):
    """One array from the bytes of an .npy file; its header is checked before its data is touched."""
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        reader = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
        shape, fortran, kind = reader(stream, max_header_size=1000)
    except Exception:  # numpy's header parser raises many kinds on a header that is not one
        raise ModelError(f"The model's '{key}' has no valid header.") from None
    if kind != np.dtype(dtype) or fortran or len(shape) != dimensions:
        raise ModelError(f"The model's '{key}' must be {dtype} with {dimensions} dimensions, not {kind} {shape}.")
    sizes = [size for size in shape if type(size) is int and 0 <= size <= MAX_BYTES]  # a bool is an int to Python
    data = content[stream.tell() :]
    if len(sizes) != dimensions or len(data) != math.prod(sizes) * kind.itemsize:
        raise ModelError(f"The model's '{key}' is cut short or too long for its shape {shape}.")
    return np.frombuffer(data, kind).reshape(sizes)


def _build(data):
    """Check the arrays against each other and unpack them."""

    def require(condition, message):
        if not condition:
            raise ModelError(message)

    version = int(data["version"])
    require(version == VERSION, f"The model is of version {version}; this reader knows version {VERSION}.")
    d = data["projection"].shape[1]
    fits = data["projection"].shape[0] == FEATURES and 0 < d <= 256 and d % 2 == 0
    require(fits, "The model's projection has a wrong shape.")
    for key in ("projection_scale", "vector_scale"):
        require(data[key].shape == (d,), f"The model's '{key}' has a wrong shape.")
        require(bool(np.isfinite(data[key]).all() and (data[key] > 0).all()), f"The model's '{key}' must be positive.")
    n = data["vectors"].shape[0]
    require(data["vectors"].shape[1] == d // 2, "The model's vectors do not fit its projection.")
    counts = data["counts"]
    require(
        counts.shape == (LABELS,) and bool((counts >= 0).all() and (counts <= n).all()) and int(counts.sum()) == n,
        "The model's counts do not add up to its vectors.",
    )
    require(int(counts[:NOT_A_DIGIT].sum()) > 0, "The model holds no digits.")
    require(data["calibration"].shape == (3,), "The model's calibration has a wrong shape.")
    numbers = np.append(data["calibration"], data["refuse_above"])
    require(bool(np.isfinite(numbers).all()), "The model's calibration holds what is no number.")
    with np.errstate(over="ignore"):
        projection = data["projection"].astype(np.float32) * data["projection_scale"]
        vectors = unpack(data["vectors"]) * data["vector_scale"]
        # Squared distances must be finite too.
        sizes = np.abs(projection).sum() ** 2, (vectors * vectors).sum(axis=1).max()
    require(bool(np.isfinite(sizes).all()), "The model's scales are too large.")
    try:
        about = data["about"].tobytes().decode()
    except UnicodeDecodeError:
        raise ModelError("The model's 'about' is no text.") from None
    return Model(
        projection=projection,
        vectors=vectors,
        labels=np.repeat(np.arange(LABELS, dtype=np.uint8), counts.astype(np.intp)),  # 32 bits in a browser
        refuse_above=float(data["refuse_above"]),
        calibration=data["calibration"],
        about=about,
    )
