"""The exemplars file: small pictures of the training digits and marks that vote, in the order of the model's rows.

Nothing is read from them; they show what the neighbours of a mark look like. Four greys are kept of each pixel, four
pixels in a byte: a band is four lines of every glyph. Bands by themselves compress best, and the rows that are asked
for can be taken out of them at once.
"""

import bisect
import operator

import numpy as np

from number_reader.classification.normalize import SIDE
from number_reader.labels import MARKS, NOT_A_DIGIT
from number_reader.storage import npz
from number_reader.storage.model import ModelError, write_whole

VERSION = 1
LINES = 4  # in a band
STEP = 85  # between two of the four greys: 0, 85, 170, 255
SHIFTS = np.array([6, 4, 2, 0], np.uint8)  # bits, of each line in a byte

# key: (dtype, number of dimensions)
KEYS = {
    "version": ("int32", 0),
    "fingerprint": ("uint32", 0),  # of the model whose rows these are
    "bands": ("uint8", 3),  # (SIDE / LINES, n, SIDE)
    "about": ("uint8", 1),  # UTF-8 text for people: where it comes from and its licence
}


def save(path, glyphs, fingerprint, about):
    """Write an exemplars file, whole or not at all; the same arguments give the same bytes.

    glyphs: uint8 (n, 28, 28), those of the model's digits and marks in the order of its rows. fingerprint: the model's.
    """
    greys = np.rint(glyphs / np.float32(STEP)).astype(np.uint8).reshape(-1, SIDE // LINES, LINES, SIDE)
    bands = np.bitwise_or.reduce(greys << SHIFTS[:, None], axis=2).transpose(1, 0, 2)
    from number_reader.storage import packing  # not of the page: only training saves

    content = packing.packed(
        version=np.int32(VERSION),
        fingerprint=np.uint32(fingerprint),
        bands=np.ascontiguousarray(bands),
        about=np.frombuffer(about.encode(), np.uint8),
    )
    write_whole(path, content)


def shown(labels):
    """Which rows of a model have a picture, int (n,): those of digits and marks. labels: (m,), the model's."""
    return np.flatnonzero((labels < NOT_A_DIGIT) | (labels >= MARKS.start))


class Exemplars:
    """Pictures of a model's training digits and marks; load them with `Exemplars.load`.

    bands: see KEYS. rows: int (n,), the model's row of each, in growing order.
    """

    def __init__(self, bands, rows):
        self._bands, self._rows = bands, rows

    def __len__(self):
        return self._bands.shape[1]

    @classmethod
    def load(cls, source, recognizer):
        """Load an exemplars file (a path or a binary file object) that belongs to a Recognizer's model. ModelError, with
        a reason, on anything wrong."""
        data = npz.read(source, KEYS, "example file", ModelError)
        version, bands = int(data["version"]), data["bands"]
        if version != VERSION:
            raise ModelError(f"The example file is of version {version}; this reader knows version {VERSION}.")
        if bands.shape[::2] != (SIDE // LINES, SIDE):
            raise ModelError("The pictures in the example file have a wrong size.")
        trained = recognizer.neighbors.labels[: recognizer.neighbors.n_trained]
        rows = shown(trained)
        if int(data["fingerprint"]) != recognizer.fingerprint or bands.shape[1] != len(rows):
            raise ModelError("The example file belongs to another model.")
        return cls(bands, rows)

    def glyphs(self, rows):
        """The glyphs of some rows of the model, a sequence of numbers as in Neighbor.index: uint8 (len(rows), 28, 28),
        255 for ink. IndexError for a row that is no digit's and no mark's, or that was taught."""
        rows = [operator.index(row) for row in rows]
        known = self._rows.tolist()
        places = [bisect.bisect_left(known, row) for row in rows]
        for row, place in zip(rows, places):
            if place == len(known) or known[place] != row:
                raise IndexError(f"there is no example of row {row}")
        bands = self._bands[:, np.array(places, np.intp)].transpose(1, 0, 2)
        return ((bands[:, :, None] >> SHIFTS[:, None]) & 3).reshape(-1, SIDE, SIDE) * np.uint8(STEP)
