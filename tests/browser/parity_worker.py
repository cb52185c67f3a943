"""Reads a file of pictures. test_parity.py runs it twice: natively, and as the page's worker."""

import numpy as np
from recognizer import Recognizer
from recognizer.features import features

__export__ = ["ping", "read_file"]


def ping():
    return {"ready": True}


def read_all(model, pictures):
    """The texts, and the features and projected vectors of every glyph, float32 (n, d).

    model and pictures: paths of NPZ files; in the latter each picture is an array of its own.
    """
    recognizer = Recognizer.load(model)
    with np.load(pictures) as opened:
        readings = [recognizer.read(opened[name]) for name in opened.files]
    glyphs = np.stack([digit.glyph for reading in readings for digit in reading.digits])
    vectors = features(glyphs).astype(np.float32)
    return [reading.text for reading in readings], vectors, recognizer.project(glyphs)


def read_file():
    """read_all as what can cross to the page."""
    texts, vectors, projected = read_all("model/digits.npz", "pictures.npz")
    return {"texts": texts, "vectors": vectors.tobytes(), "projected": projected.tobytes()}
