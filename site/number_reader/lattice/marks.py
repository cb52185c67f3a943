"""Marks beside digits: what tells a point from a comma from a small 1, in numbers, for the lattice to weigh.

Shape alone does not: a mark's neighbours say how near its shape is, and its place and size on the line, held against the digits
beside it, say the rest. The weights are learned as those of digits are (training/learning/reading.py).
"""

import math
from dataclasses import replace

import numpy as np

from number_reader.classification.certainty import NONE
from number_reader.classification.neighbors import FAR
from number_reader.labels import CHARACTERS, DIGITS, MARKS, NOT_A_DIGIT, PART, SEVERAL
from number_reader.lattice.brackets import torn, unpaired
from number_reader.lattice.lattice import Lattice, Segment
from number_reader.lattice.mark_weights import STEPS, WEIGHTS
from number_reader.lattice.measures import of_joins, size, within
from number_reader.lattice.measures_of_marks import ALL, COLUMN, DIGIT, KIND, KINDS, NOTHING, of_kind
from number_reader.lattice.net import AT, WRONG, geometry, shipped
from number_reader.lattice.place import Places, leans
from number_reader.lattice.ways import cheapest
from number_reader.segmentation.segment import SPECK

LIKELY = 2  # marks tried for a run of pieces, those whose shape is nearest,
LIKELY_NET, UNLIKELY = 3, 6  # those that the network deems likeliest, unless their chance is below exp(-6),
LITTLE, SMALL = tuple(CHARACTERS.index(c) for c in ".,-"), 0.5  # and these if it is smaller than this share of a digit
SURELY = 0.01  # none are tried where -log of the chance that it is part of a symbol, or several, is no more than this
UNLIKE = 3.5  # log of how many times farther than the nearest label a mark may be, and still be tried
STROKE = math.log(0.6)  # and a stroke, a 1 or a slash, is higher than this share
STRANGE = 0.5  # a mark may have so much more doubt than a digit, as the metric has not learned what marks look like
LEAST = -8.0  # log of a chance: what the network deems less likely is the same to it
POINT, SLASH = (CHARACTERS.index(c) for c in "./")
ALIKE = 0.1  # logs of heights, and slopes: strokes of one line that differ by no more are the same symbol
ROUND = 1.6  # a point is at most so many times as long as broad
TORN = 0.3  # the chance, at most, of one between two digits: it is refused
UNPAIRED = 1.5  # what a bracket without its fellow costs; chosen on validation
DUST = 0.16  # heights: what is larger is not dropped
SHARPER = 2.0  # chances of rivals are sharper than their costs say: made so, confidence is how often it is right
BREAKS = "cut", "price", "split", "torn"  # measures that a mark shares with digits
_SYMBOLS = (*DIGITS, *MARKS)


class MarkLattice(Lattice):
    """All segments that a line of digits and marks may consist of. Nothing is left out but dust.

    runs: {(start, end): number} of the runs of pieces that were compared. places, geometry: of each, its Place, None where no
    digit is beside it, and what the network is told of it.
    """

    measures, columns, weights, net = ALL, COLUMN, WEIGHTS, shipped()

    def _slashes(self, line):
        return set()

    def _cut(self, i, digit):
        near = digit.near
        mark = int(near[MARKS.start :].argmin()) + MARKS.start
        if near[mark] < near[: MARKS.start].min() and mark_doubt(near, mark) < self.limit:
            return [i], []
        return super()._cut(i, digit)

    def _segments(self, known):
        boxes = [self.pieces.boxes[i] for i in self.order]
        self._sides = np.array(boxes)[:, 1::2]
        runs = sorted(known.items())
        own_leans = leans(np.array([compared.glyph for _, compared in runs]))
        usual = {self.order[start]: lean for ((start, end), _), lean in zip(runs, own_leans) if end == start + 1}
        line = Places(self.whole, self.height, usual)
        digits = [self._segment(start, end, compared) for (start, end), compared in runs]
        values = [self._values(digit) for digit in digits]
        places = self.places = [
            line.of(digit.box, self.owners[digit.start : digit.end], lean) for digit, lean in zip(digits, own_leans)
        ]
        strokes = {
            digit.start: place
            for digit, place in zip(digits, places)
            if place and digit.end == digit.start + 1 and digit.label == 1 and place.high > STROKE
        }
        self.geometry = [
            geometry(
                *(digit.box, place, lean, self.height, self._around(digit)),
                [other for k, other in strokes.items() if not digit.start <= k < digit.end],
                value,
            )
            for digit, place, lean, value in zip(digits, places, own_leans, values)
        ]
        self.runs = {(digit.start, digit.end): k for k, digit in enumerate(digits)}
        said = self.net.says(np.array([compared.seen for _, compared in runs]), self.geometry) if runs else ()
        found = []
        for digit, place, value, says in zip(digits, places, values, np.maximum(said, LEAST).tolist()):
            against = [-each for each in says]
            if digit.digit.taught is not None:  # a person said what it is
                against = [-LEAST] * len(says)
                against[AT[digit.digit.taught]] = 0.0
            found.append(self._digit(digit, place, against))
            if against[AT[WRONG]] > SURELY or self._is_whole(digit):
                found += self._others(digit, place, value, against)
        return found + self._dust(boxes, said, line)

    def _digit(self, digit, place, against):
        """The Segment of a digit, with what is measured of it here."""
        any_digit = -max(math.log(sum(math.exp(-each) for each in against[:NOT_A_DIGIT])), LEAST)
        own = of_kind(1 if digit.label == 1 else DIGIT, place, against[digit.label])
        self._fill(digit.measures, own | {"net label": against[digit.label], "net digit": any_digit})
        return digit

    def _is_whole(self, digit):
        """Whether a Segment is one piece that was there before any was cut."""
        start, end = digit.start, digit.end
        return end == start + 1 and self.prices[start] is None and (end == len(self.prices) or self.prices[end] is None)

    def _dust(self, boxes, said, line):
        """The Segments of pieces that may be nothing at all. said: by the network, of each run. line: its Places."""
        found = []
        for k, i in enumerate(self.order):
            if max(size(boxes[k])) <= DUST * self._height_at(boxes[k]):
                run = self.runs.get((k, k + 1))
                wrong = 0.0 if run is None else -max(float(said[run, AT[WRONG]]), LEAST)
                dust = self._segment(k, k + 1, None)
                self._fill(dust.measures, of_kind(NOTHING, line.of(boxes[k], [i]), wrong) | {"net wrong": wrong})
                found.append(dust)
        return found

    def _around(self, digit):
        """Where what is before a Segment ends, and where what is after it begins, px; and how many pieces it has."""
        left, right = digit.box[1], digit.box[3]
        before = self._sides[: digit.start, 1].max(initial=left - 2 * self.height)
        after = self._sides[digit.end :, 0].min(initial=right + 2 * self.height)
        return before, after, digit.end - digit.start

    def _values(self, digit):
        """Measures of a Segment's pieces, whatever they are: {name: value}."""
        numbers = self.order[digit.start : digit.end]
        joins = of_joins([self.pieces.boxes[i] for i in numbers], self._joins(digit.start, digit.end), self.height)
        late, over = self.pieces.late(numbers), self._over(digit)
        return self._breaks(digit.start, digit.end) | joins | {"late": late, "over": over}

    def _others(self, digit, place, values, against):
        """The Segments of what the pieces of a digit's Segment may be instead: marks, or neither."""
        near = digit.digit.near.tolist()
        ranked = sorted((near[label], label) for label in _SYMBOLS)
        likely = [label for _, label in ranked if label in MARKS][:LIKELY]
        deemed = sorted(MARKS, key=lambda m: against[AT[m]])[:LIKELY_NET]
        likely += [m for m in deemed if against[AT[m]] < UNLIKELY and m not in likely]
        little = LITTLE if place and max(place[:2]) < math.log(SMALL) else ()
        likely += [label for label in little if label not in likely]
        farthest = ranked[0][0] * math.exp(UNLIKE)
        likely = [m for m in likely if near[m] < FAR and (m in little or near[m] < farthest)]
        torn = {name if name in BREAKS else f"mark {name}": value for name, value in values.items()}
        found, doubts = [], [digit.digit.doubt - self.limit]
        for label in likely:
            shape = within(mark_doubt(near, label) - self.limit, -2, 2)
            lead = math.log((ranked[1][0] if ranked[0][1] == label else ranked[0][0]) / near[label])
            doubts.append(shape)
            measures = {
                "mark": 1,
                "shape": shape,
                "strange": max(shape, 0),
                "behind": within(-lead, 0, 4),
                "before": within(lead, 0, 2),
                "mark several": within(math.log(near[label] / near[SEVERAL]) + 1, 0, 2),
                "mark part": within(math.log(near[label] / near[PART]) + 1, 0, 2),
                "net mark": against[AT[label]],
            }
            own = of_kind(label, place, against[AT[label]], shape=shape, lead=within(lead, -4, 2))
            found.append(self._instead(digit, torn | measures | own, label))
        doubt, (high, wide, middle, _) = within(min(doubts), -2, 2), place or (0, 0, 0, 0)
        measures = {
            "neither": 1,
            "neither doubt": doubt,
            "neither strange": max(doubt, 0),
            "neither little": max(-max(high, wide), 0),
            "neither off": abs(middle),
            "neither alone": place is None,
            "net neither": against[AT[NOT_A_DIGIT]],
        }
        return [*found, self._instead(digit, torn | measures, NOT_A_DIGIT)]

    def _instead(self, digit, values, label):
        return Segment(digit.start, digit.end, self._vector(values), digit.box, digit.digit, label)

    def _over(self, digit):
        """Share of the width of a Segment's box that lies over or under pieces of others."""
        _, left, _, right = digit.box
        shared = np.minimum(self._sides[:, 1], right) - np.maximum(self._sides[:, 0], left)
        widest = max(shared[: digit.start].max(initial=0), shared[digit.end :].max(initial=0))
        return within(widest / max(right - left, 1), 0, 1)

    def is_refused(self, segment):
        label = segment.label
        if label == NOT_A_DIGIT:
            return True
        return self.is_strange(label, mark_doubt(segment.digit.near, label) if label in MARKS else segment.digit.doubt)

    def is_strange(self, label, doubt):
        """Whether something is too far from all examples of a label."""
        return doubt > limit_of(label, self.limit)

    def best(self, weights=None):
        """The Segments of the cheapest way; see `read`."""
        return [segment for segment, _ in self.read(weights)]

    def read(self, weights=None):
        """The cheapest way: [(Segment, {label: chance})], of each mark, and of NOT_A_DIGIT for neither, that the Segment's
        pieces are it, if they are one symbol."""
        costs, found = self.costs(weights), []
        way = [segment for segment in self._refuse(self._paired(costs)) if not self._is_nothing(segment)]
        if len(way) == 1 and _is_point(way[0]):
            return []  # a point alone says nothing
        same = {}
        for other, cost in zip(self.segments, costs.tolist()):
            if other.label is not None:
                same.setdefault((other.start, other.end), []).append((other.label, cost))
        kinds = [KIND[segment.label] for segment in way]
        every = [
            {
                label: cost + STEPS[before, KIND[label]] + STEPS[KIND[label], after]
                for label, cost in same[segment.start, segment.end]
            }
            for segment, before, after in zip(way, [len(KINDS), *kinds], [*kinds[1:], len(KINDS)])
        ]
        self._agree(way, every)
        inside = torn(way)
        for segment, rivals in zip(way, every):
            best = min(rivals, key=lambda label: rivals[label])
            if {best, segment.label} == {1, SLASH}:  # for the others' sake
                segment = replace(segment, label=best)
            least = rivals[best]
            shares = {label: math.exp(SHARPER * (least - cost)) for label, cost in rivals.items()}
            total = sum(shares.values())
            chances = {label: share / total for label, share in shares.items() if label >= NOT_A_DIGIT}
            if id(segment) in inside:
                chances[segment.label] = min(chances[segment.label], TORN)
            found.append((segment, chances))
        return found

    def _agree(self, way, costs):
        """Change what it costs that strokes are a 1 or a slash, so that those of one line that look the same are the same."""
        strokes = [(self.places[self.runs[s.start, s.end]], c) for s, c in zip(way, costs) if {1, SLASH} <= c.keys()]
        strokes = [(np.array((place.high, place.wide, place.lean)), rivals) for place, rivals in strokes if place]
        odds = np.array([rivals[1] - rivals[SLASH] for _, rivals in strokes])
        for k, (place, rivals) in enumerate(strokes):
            alike = np.array([math.exp(-(((place - other) / ALIKE) ** 2).sum() / 2) for other, _ in strokes])
            alike[k] = 0
            rivals[SLASH] -= float(alike @ odds)

    def _is_nothing(self, segment):
        """Whether a Segment is dust: the lattice says so, or says that it is neither digit nor mark, and it is a speck."""
        speck = segment.label == NOT_A_DIGIT and max(size(segment.box)) < SPECK * self._height_at(segment.box)
        return segment.label is None or speck

    def _paired(self, costs):
        """The cheapest way where a bracket without its fellow costs UNPAIRED, which is added to costs: float (n,)."""
        kinds = [None if segment.label is None else KIND[segment.label] for segment in self.segments]
        raised, numbers = set(), {id(segment): k for k, segment in enumerate(self.segments)}
        while True:
            way = cheapest(self.segments, costs, len(self.order), kinds, STEPS)
            lone = [k for k in (numbers[id(segment)] for segment in unpaired(way)) if k not in raised]
            if not lone:
                return way
            raised.update(lone)
            costs[lone] += UNPAIRED


def limit_of(label, limit):
    """The doubt beyond which something is not read as this label. limit: that of digits. Of little marks the shape says
    little: what stands where they do is one of them, or neither, whatever its doubt."""
    if label in LITTLE:
        return math.inf
    return limit + STRANGE if label in MARKS else limit


def mark_doubt(near, label):
    """How far something is from a mark, also in relation to what is no symbol; as `certainty.doubt` says it of digits.
    near: what `neighbors.closeness` returns."""
    other = near[NOT_A_DIGIT]
    return math.log(near[label]) - (NONE * math.log(other) if other < FAR else 0)


def _is_point(segment):
    """Whether a Segment that stands alone is a point: nearest to one, and round; a 1 is like what a pen leaves in a point."""
    nearest = min(_SYMBOLS, key=lambda label: segment.digit.near[label])
    return nearest == POINT and max(size(segment.box)) < ROUND * min(size(segment.box))
