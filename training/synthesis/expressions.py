"""Made-up strings of digits and marks: decimals, amounts, dates, times, telephone numbers and sums in one writer's hand.

Single marks say nothing of where they stood on the line; where people put them is laid down here (PLACES), in heights of
a digit, as the shared expressions of train writers have them (5th to 95th percentile).
"""

from dataclasses import dataclass

import numpy as np

from number_reader.labels import CHARACTERS, MARKS, NOT_A_DIGIT
from training.data.datasets import NUMBER, PenSet

TIGHT = 0.3  # share of the strings whose digits may touch
HEIGHT, BASELINE = 0.12, 0.05  # standard deviations of a digit's size (log) and place, in heights
SPACE = 0.8, 1.6  # heights: the gap for which the text has a space
HIGH = 130  # px, a digit in a drawing of a string
SLOPE = 0.03  # standard deviation of how far a line rises along its length
TAPPED = 0.04  # share of the strings with a speck that is no point, as a pen leaves that rests
FOREIGN = 0.12  # share, where there are others, with a symbol in it that is neither digit nor mark: its text is "?"
APOSTROPHE = 0.4  # share of those that is an apostrophe


@dataclass
class Place:
    """Where a mark stands: y of its middle or, where `hangs`, of its top; 0 is a digit's top and 1 its base. size: the
    least and the most, in heights. gap: the same, before and after it."""

    y: float
    spread: float
    size: tuple
    gap: tuple
    hangs: bool = False


PLACES = {
    ".": Place(0.92, 0.07, (0.0, 0.25), (0.03, 0.5)),
    ",": Place(0.84, 0.07, (0.25, 0.7), (0.02, 0.5), hangs=True),
    "-": Place(0.52, 0.07, (0.3, 0.9), (0.06, 0.6)),
    "+": Place(0.5, 0.06, (0.45, 1.0), (0.06, 0.6)),
    "/": Place(0.46, 0.1, (1.15, 2.0), (-0.2, 0.5)),
    ":": Place(0.54, 0.08, (0.35, 0.95), (0.08, 0.6)),
    "%": Place(0.47, 0.08, (0.8, 1.8), (0.05, 0.6)),
    "(": Place(0.47, 0.1, (1.0, 1.9), (0.03, 0.6)),
    ")": Place(0.46, 0.1, (1.1, 2.0), (0.03, 0.5)),
    "$": Place(0.46, 0.1, (1.05, 1.7), (0.05, 0.5)),
    "=": Place(0.53, 0.07, (0.35, 1.1), (0.08, 0.7)),
    "×": Place(0.48, 0.1, (0.45, 1.0), (0.06, 0.6)),
    "'": Place(-0.05, 0.07, (0.12, 0.45), (0.02, 0.3), hangs=True),
    "?": Place(0.5, 0.12, (0.5, 1.4), (0.05, 0.5)),
}


def compose(symbols, rng, tight):
    """Set symbols side by side on one line.

    symbols: (character, its strokes, float (n, 2) arrays in 0..1 of the longer side, its size in heights), or (" ", [], 0).
    tight: whether digits may touch. Returns the strokes of the whole, in 0..1 of its longer side,
    and how many heights of a digit that is.
    """
    strokes, right, before, wide = [], 0.0, "", 0.0
    slope = rng.normal(0, SLOPE)
    for character, shape, size in symbols:
        if character == " ":
            wide = rng.uniform(*SPACE)
            continue
        points = np.concatenate(shape)
        low, extent = points.min(axis=0), np.ptp(points, axis=0)
        place = PLACES.get(character)
        if place is None:
            scale = np.exp(rng.normal(0, HEIGHT)) / max(extent[1], 0.6 * extent[0], 1e-3)
            top = 1 - extent[1] * scale + rng.normal(0, BASELINE)
            gap = rng.uniform(-0.12, 0.08) if tight and rng.random() < 0.7 else rng.uniform(0.08, 0.45)
        else:
            scale = np.clip(size * np.exp(rng.normal(0, HEIGHT)), *place.size) / max(extent.max(), 1e-3)
            y = place.y + rng.normal(0, place.spread)
            top = y if place.hangs else y - extent[1] * scale / 2
            gap = rng.uniform(*place.gap)
        if before in PLACES:
            gap = max(gap, rng.uniform(*PLACES[before].gap))
        left = right + gap + wide if before else 0.0
        shift = np.float32((left, top + slope * left))
        strokes += [(stroke - low) * np.float32(scale) + shift for stroke in shape]
        right, before, wide = max(right, left + extent[0] * scale), character, 0.0
    if rng.random() < TAPPED:
        strokes.append(np.float32([[rng.uniform(0, right), rng.choice([-0.35, -0.2, 0.25, 1.4])]]))
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), max(np.ptp(points, axis=0).max(), 1e-3)
    return [((stroke - low) / size).astype(np.float32) for stroke in strokes], float(size)


def text(rng, kinds):
    """A string of one of `kinds`, the names of functions below."""
    return KINDS[rng.choice(kinds)](rng)


def _digits(rng, least, most):
    return "".join(map(str, rng.integers(0, 10, rng.integers(least, most + 1))))


def _number(rng):
    return str(rng.integers(1, 10)) + _digits(rng, 0, 3)


def _decimal(rng):
    sign = rng.choice(["", "", "-", "+"])
    return f"{sign}{_number(rng)}{rng.choice(['.', ','])}{_digits(rng, 1, 3)}"


def _signed(rng):
    return rng.choice(["-", "+"]) + _number(rng)


def _grouped(rng):
    comma, point = rng.permutation([",", "."])
    groups = comma.join(_digits(rng, 3, 3) for _ in range(rng.integers(1, 3)))
    return f"{rng.integers(1, 1000)}{comma}{groups}" + (f"{point}{_digits(rng, 2, 2)}" if rng.random() < 0.5 else "")


def _money(rng):
    amount = rng.choice([_number, _grouped, _decimal])(rng).lstrip("+-")
    return f"${amount}" if rng.random() < 0.75 else f"{amount}$"


def _percent(rng):
    return rng.choice([_number, _decimal])(rng) + "%"


def _date(rng):
    mark = rng.choice(["/", "/", "-", "."])
    parts = [str(rng.integers(1, 32)), str(rng.integers(1, 13)), str(rng.choice([rng.integers(10, 99), 2026]))]
    return mark.join(parts[: rng.choice([2, 3]) if mark == "/" else 3])


def _time(rng):
    return f"{rng.integers(0, 24)}:{rng.integers(0, 60):02}"


def _telephone(rng):
    local = f"{_digits(rng, 3, 3)}-{_digits(rng, 4, 4)}"
    return rng.choice([local, f"({_digits(rng, 3, 3)}) {local}", f"({_digits(rng, 3, 3)}){local}"])


def _sum(rng):
    operators, space = ["+", "-", "×", "/", ":"], rng.choice(["", "", " "])
    parts = [str(rng.integers(1, 10 ** rng.integers(1, 4)))]
    for _ in range(rng.integers(1, 3)):
        parts += [rng.choice(operators), str(rng.integers(1, 10 ** rng.integers(1, 4)))]
    if rng.random() < 0.3:
        inside = f"({rng.integers(1, 30)}{rng.choice(operators)}{rng.integers(1, 30)})"
        parts[rng.choice(range(0, len(parts), 2))] = inside
    if rng.random() < 0.7:
        parts += ["=", str(rng.integers(1, 1000))]
    return space.join(parts)


def _plain(rng):
    return _digits(rng, 1, 6)


KINDS = {
    "decimal": _decimal,
    "signed": _signed,
    "grouped": _grouped,
    "money": _money,
    "percent": _percent,
    "date": _date,
    "time": _time,
    "telephone": _telephone,
    "sum": _sum,
    "plain": _plain,
}
SUMS = ("sum",)


class MadeExpressions(PenSet):
    """`count` strings by the writers of one side, from their digits and marks: StrokeSets. kinds: names in KINDS. others: a
    StrokeSet of what is neither, to be put into some of them. borrow: whether a writer may be lent marks of another."""

    kind = "expressions"

    def __init__(self, digits, marks, split, count, seed, kinds=tuple(KINDS), others=None, borrow=False):
        super().__init__(digits.path)
        self.name = f"made expressions ({split})"
        rng = np.random.default_rng(seed)
        people = _people(digits, marks, split)
        names = sorted(people)
        lenders = {c: [name for name in names if c in people[name]] for c in PLACES}
        foreign = [] if others is None else np.flatnonzero((others.split == split) & (others.labels == NOT_A_DIGIT))
        self.strokes, self.units, texts, groups = [], [], [], []
        while len(texts) < count:
            written = text(rng, kinds)
            needed = set(written) - {" "}
            able = names if borrow else [name for name in names if needed <= set(people[name])]
            if not able or not all(lenders[c] for c in needed & set(PLACES)):
                continue
            name = rng.choice(able)
            own = {c: people[rng.choice(lenders[c])][c] for c in sorted(needed - set(people[name]))} | people[name]
            symbols = []
            for character in written:
                if character == " ":
                    symbols.append((" ", [], 0.0))
                    continue
                source, item = own[character][rng.integers(len(own[character]))]
                size = source.sizes[item] if character in PLACES else 1.0
                symbols.append((character, source.strokes[item], float(size)))
            if len(foreign) and len(written) > 1 and rng.random() < FOREIGN:
                at = int(rng.integers(1, len(written)))
                if rng.random() < APOSTROPHE:
                    shape = [np.float32([[rng.uniform(0, 0.5), 0], [0, 1]])]
                    if "," in own:
                        source, item = own[","][rng.integers(len(own[","]))]
                        shape = source.strokes[item]
                    symbols.insert(at, ("'", shape, 0.3))
                else:
                    symbols.insert(at, ("?", others.strokes[rng.choice(foreign)], float(rng.uniform(0.6, 1.2))))
                written = f"{written[:at]}?{written[at:]}"
            strokes, unit = compose(symbols, rng, rng.random() < TIGHT)
            self.strokes.append(strokes)
            self.units.append(unit)
            texts.append(written)
            groups.append(name)
        self._settle(texts, groups, [split] * count)

    def _size_and_brush(self, index, variant):
        """Both in px: digits are HIGH, and the brush has the share of that that it has of a lone digit."""
        size, brush = super()._size_and_brush(index, variant)
        return self.units[index] * HIGH, brush * HIGH / size


def _people(digits, marks, split):
    """{person: {character: [(StrokeSet, item)]}} of those of one side who wrote all digits and a mark."""
    found = {}
    for source in (digits, marks):
        for item in np.flatnonzero((source.split == split) & (source.labels != NUMBER)):
            label = source.labels[item]
            if label < 10 or label in MARKS:
                person = source.groups[item].rpartition("/")[2]
                found.setdefault(person, {}).setdefault(CHARACTERS[label], []).append((source, item))
    return {
        name: own for name, own in found.items() if len(set(own) & set("0123456789")) == 10 and set(own) & set(PLACES)
    }
