"""The model file: an NPZ with the embedding, the training vectors and what was calibrated.

Nothing else knows its keys. A damaged or hostile file ends in a ModelError and in nothing else.
"""

import os
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from number_reader.classification.embedding import AROUND, CELLS, Embedding
from number_reader.classification.features import FEATURES
from number_reader.labels import LABELS, MARKS, NOT_A_DIGIT
from number_reader.storage import npz

VERSION = 4
WITHOUT_MARKS = 3  # the version before it: it has the labels below MARKS only, and reads digits
MOST = 1_000_000  # vectors
REACH = 10  # steps from the middle to the 99.7th percentile of the widest column

MATRICES = ("linear", "kernels", "mixing")  # of the embedding, each with its scale

# key: (dtype, number of dimensions)
KEYS = {
    "version": ("int32", 0),
    "linear": ("int8", 2),  # (FEATURES, d)
    "linear_scale": ("float32", 1),  # (d,): linear times this is the real one; so for the next two
    "kernels": ("int8", 2),  # (AROUND, c)
    "kernels_scale": ("float32", 1),  # (c,)
    "mixing": ("int8", 2),  # (CELLS * c, d)
    "mixing_scale": ("float32", 1),  # (d,)
    "bias": ("float32", 1),  # (c,)
    "vectors": ("int8", 2),  # (d, n): column by column, as these compress best
    "step": ("float32", 0),  # vectors times this are the real ones
    "counts": ("int64", 1),  # (LABELS,), or (MARKS.start,) of version 3: rows of each label; rows are sorted by label
    "refuse_above": ("float32", 0),  # doubt beyond which a mark is no digit
    "calibration": ("float32", 1),  # (3,): see certainty.confidence
    "about": ("uint8", 1),  # UTF-8 text for people: where it comes from and its licence
}


class ModelError(ValueError):
    """A file of the model cannot be used; the message says why in plain words."""


@dataclass
class Model:
    """embedding: an Embedding into d dimensions. vectors: float32 (n, d), embedded training glyphs sorted by label,
    whole multiples of step. labels: uint8 (n,), digits first. refuse_above, calibration: see `certainty`. about: text.
    fingerprint: int, that tells these vectors and labels from any others; `exemplars` asks for it.
    """

    embedding: Embedding
    vectors: np.ndarray
    step: float
    labels: np.ndarray
    refuse_above: float
    calibration: np.ndarray
    about: str
    fingerprint: int


def round_columns(matrix):
    """Round float (m, d) to int8 columns: (int8 (m, d), their scale float32 (d,)). Rounding again changes nothing."""
    scale = np.maximum(np.abs(matrix).max(axis=0), 1e-9).astype(np.float32) / np.float32(127)
    return np.rint(matrix / scale).astype(np.int8), scale


def round_embedding(embedding):
    """The embedding that a file holds of this one."""
    matrices = {}
    for name in MATRICES:
        whole, scale = round_columns(getattr(embedding, name))
        matrices[name] = whole * scale
    return Embedding(**matrices, bias=embedding.bias.astype(np.float32))


def step_of(vectors):
    """The step, a float, to which coordinates of vectors, float (n, d), are rounded. It is the same for all columns,
    as the same error hurts the same in any of them; narrow ones then take few bits."""
    return float(max(np.percentile(np.abs(vectors), 99.7, axis=0).max() / REACH, 1e-9))


def round_vectors(vectors, step):
    """Vectors, float (n, d), as whole numbers of steps: int8 (n, d)."""
    return np.clip(np.rint(vectors / step), -127, 127).astype(np.int8)


def save(path, *, embedding, vectors, step, labels, refuse_above, calibration, about):
    """Write a model file, whole or not at all; the same arguments give the same bytes.

    embedding: an Embedding into d dimensions. vectors float (n, d), step a float, labels (n,) below LABELS.
    """
    order = np.argsort(labels, kind="stable")
    parts = {}
    for name in MATRICES:
        parts[name], parts[name + "_scale"] = round_columns(getattr(embedding, name))
    from number_reader.storage import packing  # not of the page: only training saves

    content = packing.packed(
        version=np.int32(VERSION),
        **{name: np.ascontiguousarray(part) for name, part in parts.items()},
        bias=embedding.bias.astype(np.float32),
        vectors=np.ascontiguousarray(round_vectors(vectors[order], step).T),
        step=np.float32(step),
        counts=np.bincount(labels, minlength=LABELS).astype(np.int64),
        refuse_above=np.float32(refuse_above),
        calibration=np.asarray(calibration, np.float32),
        about=np.frombuffer(about.encode(), np.uint8),
    )
    write_whole(path, content)


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
    return _build(npz.read(source, KEYS, "model", ModelError))


def _build(data):
    """Check the arrays against each other and unpack them."""

    def require(condition, message):
        if not condition:
            raise ModelError(message)

    version = int(data["version"])
    require(
        version in (VERSION, WITHOUT_MARKS),
        f"The model is of version {version}; this reader knows versions {WITHOUT_MARKS} and {VERSION}.",
    )
    d, c = data["linear"].shape[1], data["kernels"].shape[1]
    require(0 < d <= 256 and 0 < c <= 256, "The model's embedding has a wrong shape.")
    shapes = {
        "linear": (FEATURES, d), "linear_scale": (d,), "kernels": (AROUND, c), "kernels_scale": (c,),
        "mixing": (CELLS * c, d), "mixing_scale": (d,), "bias": (c,),
    }  # fmt: skip
    for key, shape in shapes.items():
        require(data[key].shape == shape, f"The model's '{key}' has a wrong shape.")
    for key in ("linear_scale", "kernels_scale", "mixing_scale", "step"):
        require(bool(np.isfinite(data[key]).all() and (data[key] > 0).all()), f"The model's '{key}' must be positive.")
    n = data["vectors"].shape[1]
    require(data["vectors"].shape[0] == d, "The model's vectors do not fit its embedding.")
    counts = data["counts"]
    require(n <= MOST, f"The model has {n:,} vectors; at most {MOST:,} can be read.")
    labels = LABELS if version == VERSION else MARKS.start
    require(
        counts.shape == (labels,) and bool((counts >= 0).all() and (counts <= n).all()) and int(counts.sum()) == n,
        "The model's counts do not add up to its vectors.",
    )
    require(int(counts[:NOT_A_DIGIT].sum()) > 0, "The model holds no digits.")
    require(data["calibration"].shape == (3,), "The model's calibration has a wrong shape.")
    numbers = np.append(data["calibration"], data["refuse_above"])
    require(bool(np.isfinite(numbers).all()), "The model's calibration holds what is no number.")
    with np.errstate(over="ignore"):
        matrices = {name: data[name] * data[name + "_scale"] for name in MATRICES}
        vectors = (data["vectors"] * data["step"]).T  # still column by column: so they are multiplied fastest
        # Squared distances must be finite too, with features of at most 1.
        said = np.abs(matrices["kernels"]).sum() + np.abs(data["bias"]).sum()
        reach = np.abs(matrices["linear"]).sum() + said * np.abs(matrices["mixing"]).sum()
        sizes = reach**2, (vectors * vectors).sum(axis=1).max()
    require(bool(np.isfinite(sizes).all()), "The model's scales are too large.")
    try:
        about = data["about"].tobytes().decode()
    except UnicodeDecodeError:
        raise ModelError("The model's 'about' is no text.") from None
    return Model(
        embedding=Embedding(**matrices, bias=data["bias"]),
        vectors=vectors,
        step=float(data["step"]),
        labels=np.repeat(np.arange(labels, dtype=np.uint8), counts.astype(np.intp)),  # 32 bits in a browser
        refuse_above=float(data["refuse_above"]),
        calibration=data["calibration"],
        about=about,
        fingerprint=zlib.crc32(counts, zlib.crc32(data["vectors"])),
    )
