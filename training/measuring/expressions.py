"""Scores readings of strings of digits and marks, symbol by symbol: white space is left out."""

from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from tqdm import tqdm

from number_reader.labels import CHARACTERS, MARKS
from training.data import splits
from training.data.measures import percent
from training.data.opening import open_dataset
from training.measuring.observe import PAD_BRUSH
from training.synthesis.expressions import SUMS, MadeExpressions

MADE, SUMS_MADE, SEED = 600, 200, 20261128  # strings to be made
SHORT = 21  # symbols: strings up to so many are counted as whole, too
CHUNK = 10
_MARKS = CHARACTERS[MARKS.start :]


@dataclass
class Written:
    """One string: who wrote it, what it says and what was read, both without white space."""

    writer: str
    truth: str
    read: str

    @property
    def pairs(self):
        """[(symbol that stands there, symbol that was read)], "" where there is none: see `aligned`."""
        return aligned(self.truth, self.read)


def aligned(truth, read):
    """Two strings side by side with the fewest edits (Levenshtein 1966): [(symbol of one, of the other)], "" for none."""
    n, m = len(truth), len(read)
    edits = np.zeros((n + 1, m + 1), int)
    edits[:, 0], edits[0] = np.arange(n + 1), np.arange(m + 1)
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            other = edits[i - 1, j - 1] + (truth[i - 1] != read[j - 1])
            edits[i, j] = min(other, edits[i - 1, j] + 1, edits[i, j - 1] + 1)
    pairs, i, j = [], n, m
    while i or j:
        if i and j and edits[i, j] == edits[i - 1, j - 1] + (truth[i - 1] != read[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((truth[i], read[j]))
        elif i and edits[i, j] == edits[i - 1, j] + 1:
            i -= 1
            pairs.append((truth[i], ""))
        else:
            j -= 1
            pairs.append(("", read[j]))
    return pairs[::-1]


def measure(recognizer, folder, split=splits.TEST, progress=True):
    """Figures of real and made strings of one side's writers: {name: `figures`}. folder: of the shared data, a Path."""
    digits, marks, real = (
        open_dataset(folder / f"real/strokes-{name}.jsonl.gz") for name in ("digits", "marks", "expressions")
    )
    own = np.flatnonzero(real.split == split)
    made = MadeExpressions(digits, marks, split, MADE, SEED)
    sums = MadeExpressions(digits, marks, split, SUMS_MADE, SEED, SUMS)
    every = [(made, range(len(made)), "made strings"), (sums, range(len(sums)), "made sums")]
    return {
        f"{name}, {'strokes known' if strokes else 'pixels only'}": figures(
            read_all(recognizer, dataset, items, PAD_BRUSH, strokes, progress=progress)
        )
        for dataset, items, name in [(real, own, "real expressions"), *every]
        for strokes in (True, False)
    }


def read_all(recognizer, dataset, items, variant, strokes=True, symbols="sums", progress=True):
    """Have a recognizer read some items of a PenSet: a list of Written. strokes: whether it knows them."""
    items = list(map(int, items))
    chunks = [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
    work = (delayed(_read)(recognizer, dataset, chunk, variant, strokes, symbols) for chunk in chunks)
    # No memory maps: a recognizer writes into its own arrays.
    done = Parallel(n_jobs=-1, return_as="generator", max_nbytes=None)(work)
    return [each for chunk in tqdm(done, dataset.name, len(chunks), disable=not progress) for each in chunk]


def _read(recognizer, dataset, items, variant, strokes, symbols):
    found = []
    for item in items:
        pen = dataset.pen(item, variant) if strokes else None
        text = recognizer.read(dataset.picture(item, variant), pen, symbols).text
        found.append(Written(str(dataset.groups[item]), _bare(str(dataset.texts[item])), _bare(text)))
    return found


def _bare(text):
    return "".join(text.split())


def figures(written):
    """Figures of a list of Written, in percent.

    symbols: right, of those that stand there, less those read where nothing stands. symbols_over_writers: the mean of the
    same over writers. exact: strings; short_exact: those up to SHORT symbols. marks: {mark: (read right, how many)}.
    gained: strings that gain a digit, from a mark or from nothing. lost: strings that lose a mark unsaid, neither read nor "?".
    unsure: symbols read as "?".
    """
    pairs = [each.pairs for each in written]
    writers = sorted({each.writer for each in written})
    by_writer = [_right([p for each, p in zip(written, pairs) if each.writer == writer]) for writer in writers]
    every = [pair for each in pairs for pair in each]
    marks = {}
    for mark in _MARKS:
        own = [read == mark for truth, read in every if truth == mark]
        if own:
            marks[mark] = (percent(own), len(own))
    exact = [each.truth == each.read for each in written]
    short = [right for each, right in zip(written, exact) if len(each.truth) <= SHORT]
    return {
        "strings": len(written),
        "writers": len(writers),
        "symbols": round(_right(pairs), 2),
        "symbols_over_writers": round(float(np.mean(by_writer)), 2),
        "exact": percent(exact),
        "short_exact": percent(short) if short else None,
        "marks": marks,
        "gained": percent([any(read.isdecimal() and not truth.isdecimal() for truth, read in each) for each in pairs]),
        "lost": percent([any(truth in marks and not read for truth, read in each if truth) for each in pairs]),
        "unsure": percent([read == "?" for _, read in every]),
    }


def _right(pairs):
    """Symbols right in percent of those that stand there, of lists of pairs; each wrongly added one takes one away."""
    every = [pair for each in pairs for pair in each]
    there = sum(truth != "" for truth, _ in every)
    return 100 * (there - sum(truth != read for truth, read in every)) / there
