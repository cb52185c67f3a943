"""Reads a file of pictures. test_parity.py runs it twice: natively, and as the page's worker."""

import io

import numpy as np

from number_reader import Recognizer
from number_reader.classification.features import features
from number_reader.numbers import numbers

__export__ = ["ping", "read_file", "meaning"]


def ping():
    return {"ready": True}


def meaning(text, decimal):
    """The numbers of a line as one text; decimal: "" if nobody knows."""
    found = numbers(
        [(each, None if each == " " else (0, k, 20, k + 1)) for k, each in enumerate(text)], decimal or None
    )
    return "; ".join(f"{each.text} {each.kind} {each.value!r} {each.box}" for each in found)


def read_all(model, pictures):
    """The texts, and the features and projected vectors of every glyph, float32 (n, d).

    model and pictures: NPZ files; in the latter each picture is an array of its own.
    """
    recognizer = Recognizer.load(model)
    with np.load(pictures) as opened:
        readings = [recognizer.read(opened[name]) for name in opened.files]
    glyphs = np.stack([digit.glyph for reading in readings for digit in reading.digits])
    vectors = features(glyphs).astype(np.float32)
    return [reading.text for reading in readings], vectors, recognizer.project(glyphs)


async def read_file(url):
    """read_all of the file at `url`, as what can cross to the page."""
    from js import fetch, modelIsWritten  # there is none outside the browser

    await modelIsWritten
    pictures = io.BytesIO((await (await fetch(url)).arrayBuffer()).to_bytes())
    texts, vectors, projected = read_all("model/digits.npz", pictures)
    return {"texts": texts, "vectors": vectors.tobytes(), "projected": projected.tobytes()}
