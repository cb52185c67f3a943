"""Made lines of one writer's digits and marks of which it is known whose each pen-down is, and what of them is no digit."""

from dataclasses import dataclass

import numpy as np

from training.synthesis import expressions

TURN, NARROW, BEND, SHAKE = 0.12, 0.12, 0.04, 0.004  # standard deviations of what other hands do: radians; log; heights


@dataclass
class Made:
    """A line: its pen-downs, [(x, y)], the place in `text` of the symbol that each belongs to (-1: of none), and the text."""

    strokes: list
    owners: list
    text: str


def digits_of(digits, split):
    """The items of a StrokeSet that are one digit, by writers of one side."""
    return np.flatnonzero((digits.split == split) & (digits.labels < 10))


def lines(digits, marks, split, count, seed, kinds=tuple(expressions.KINDS)):
    """`count` Made lines by the writers of one side of two StrokeSets; kinds: names in expressions.KINDS."""
    rng = np.random.default_rng(seed)
    people = expressions._people(digits, marks, split)
    names = sorted(people)
    found = []
    while len(found) < count:
        text = expressions.text(rng, kinds).replace(" ", "")
        able = [name for name in names if set(text) <= set(people[name])]
        if not able:
            continue
        own = people[rng.choice(able)]
        symbols = []
        for character in text:
            source, item = own[character][rng.integers(len(own[character]))]
            size = source.sizes[item] if character in expressions.PLACES else 1.0
            symbols.append((character, source.strokes[item], float(size)))
        strokes, _unit = expressions.compose(symbols, rng, rng.random() < expressions.TIGHT)
        owners = [k for k, (_, shape, _) in enumerate(symbols) for _ in shape]
        owners += [-1] * (len(strokes) - len(owners))
        found.append(Made([stroke.tolist() for stroke in strokes], owners, text))
    return found


def label_of(run, line, made):
    """What a run of a Line is: the digit, a character, or "" where it is part of a symbol, or of several."""
    owners = [made.owners[k] for k in line.order[run[0] : run[1]]]
    if owners[0] < 0 or set(owners) != {owners[0]} or made.owners.count(owners[0]) != len(owners):
        return ""
    return made.text[owners[0]]


def warped(strokes, rng):
    """A digit's pen-downs as another hand might write them: turned, narrowed, bent, shaken. strokes: (n, 2) arrays."""
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), max(np.ptp(points, axis=0).max(), 1e-6)
    turn, narrow = rng.normal(0, TURN), np.exp(rng.normal(0, NARROW))
    bend, phase = rng.normal(0, BEND, (2, 2)), rng.uniform(0, 2 * np.pi, (2, 2))
    cos, sin = np.cos(turn), np.sin(turn)
    out = []
    for stroke in strokes:
        x, y = ((stroke - low) / size - 0.5).T
        x, y = (
            x + bend[0, 0] * np.sin(2 * np.pi * y + phase[0, 0]) + bend[0, 1] * np.sin(2 * np.pi * x + phase[0, 1]),
            y + bend[1, 0] * np.sin(2 * np.pi * x + phase[1, 0]) + bend[1, 1] * np.sin(2 * np.pi * y + phase[1, 1]),
        )
        x, y = narrow * (cos * x - sin * y), sin * x + cos * y
        out.append((np.stack([x, y], axis=1) + rng.normal(0, SHAKE, (len(x), 2))).tolist())
    return out
