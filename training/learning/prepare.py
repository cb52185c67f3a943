"""Pictures of a data set -> glyphs, through the very steps that the page takes; on all cores."""

import numpy as np
from joblib import Parallel, delayed
from tqdm import tqdm

from number_reader.classification.normalize import glyph
from number_reader.ink.frames import trim
from number_reader.ink.image import ink_map
from number_reader.segmentation.pieces import InkPieces
from number_reader.segmentation.segment import lone_mark

CHUNK = 500


def glyph_of(picture, denoise=True):
    """The glyph of a picture that is known to hold one digit: uint8 (28, 28). Parts that segmentation would
    read as several digits are kept together. `denoise=False` keeps all noise too: impulses, grain and dust.
    """
    ink, _ = ink_map(trim(picture)[0], denoise)
    pieces = InkPieces(ink)
    if not (denoise and pieces.boxes):
        return glyph(ink)
    return glyph(pieces.ink(lone_mark(pieces.boxes))[1])


def _chunk(dataset, items):
    return np.stack([glyph_of(dataset.picture(index, variant)) for index, variant in items])


def glyphs(dataset, indices, variants=(0,), jobs=-1, progress=True):
    """Glyphs of some items, each drawn in each of `variants`.

    Returns uint8 (len(indices) * len(variants), 28, 28), all variants of the first item first.
    """
    items = [(int(i), v) for i in indices for v in variants]
    chunks = [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
    if not chunks:
        return np.zeros((0, 28, 28), np.uint8)
    done = Parallel(n_jobs=jobs, return_as="generator")(delayed(_chunk)(dataset, chunk) for chunk in chunks)
    return np.concatenate(list(tqdm(done, dataset.name, len(chunks), unit="chunk", disable=not progress)))
