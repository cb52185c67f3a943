"""Readings as plain values: what can cross from the worker to the page."""

import math

import numpy as np
from pyodide.ffi import jsnull


def symbols_of(symbols, recognizer, beyond=0):
    """A list of Symbols as the page takes them; `beyond`: px by which the image went beyond what the page shows."""
    plain = [_symbol(symbol, recognizer) for symbol in symbols]
    return [each | {"box": [side - beyond for side in each["box"]]} for each in plain] if beyond else plain


def brief(symbol):
    """What it takes to show a Symbol where it stands."""
    return {
        "label": jsnull if symbol.label is None else int(symbol.label),
        "confidence": float(symbol.confidence),
        "box": [int(side) for side in symbol.box],
    }


def _symbol(symbol, recognizer):
    return brief(symbol) | {
        "candidates": [[int(label), float(share)] for label, share in symbol.candidates],
        "glyph": _rgba(symbol.glyph),
        "ink": symbol.glyph.tobytes(),
        "strokes": jsnull if symbol.strokes is None else int(symbol.strokes),
        "nearer": math.exp(min(symbol.doubt - recognizer.limit_of(symbol), 20) / 2),
        "neighbors": [
            {
                "label": int(neighbor.label),
                "distance": float(neighbor.distance),
                "index": int(neighbor.index),
                "taught": bool(neighbor.taught),
            }
            for neighbor in symbol.neighbors
        ],
    }


def _rgba(glyph):
    """A glyph as the bytes of an ImageData: black ink, as opaque as it is dark."""
    pixels = np.zeros((*glyph.shape, 4), np.uint8)
    pixels[..., 3] = glyph
    return pixels.tobytes()
