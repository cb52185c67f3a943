"""What a column of amounts comes to: total, mean, smallest, largest, count; all at once, or one more and one less at a time.

In: Amounts. Out: Amounts and Means, exact. Percentages are not added to other numbers, nor dollars to euros: then there is
no total (None). A bare number is of the currency that stands in the column, as people write it once, at the top.
"""

from collections import namedtuple

from app.sheet.amounts import Amount, with_unit
from app.sheet.ratios import ratio, shown

# above / below of the unit, in lowest terms
Mean = namedtuple("Mean", ("above", "below", "unit"))


class Running:
    """The total of amounts that come and go, each in the same short time however many there are."""

    def __init__(self, amounts=()):
        self.count = 0
        self._sums = {}  # {scale: [how many, their sum in units of 10**-scale]}; of one that goes its decimals go, too
        self._units = {}  # {unit: how many}
        for amount in amounts:
            self.add(amount)

    def add(self, amount):
        self._change(amount, 1)

    def take(self, amount):
        """Takes away an amount that was added; KeyError if none like it was."""
        if amount.scale not in self._sums or amount.unit not in self._units:
            raise KeyError("that amount was not added")
        self._change(amount, -1)

    def _change(self, amount, by):
        self.count += by
        of_scale = self._sums.setdefault(amount.scale, [0, 0])
        of_scale[0] += by
        of_scale[1] += by * amount.value
        if not of_scale[0]:
            del self._sums[amount.scale]
        self._units[amount.unit] = self._units.get(amount.unit, 0) + by
        if not self._units[amount.unit]:
            del self._units[amount.unit]

    @property
    def unit(self):
        """The unit of the total; None if the units do not go together, or there are no amounts."""
        if "%" in self._units and len(self._units) > 1:
            return None
        marked = [unit for unit in self._units if unit]
        if len(marked) > 1 or not self._units:
            return None
        return marked[0] if marked else ""

    def total(self):
        """The sum, an Amount with the decimals of the finest: 0.10 and 0.20 are 0.30. None if there is none."""
        unit = self.unit
        if unit is None:
            return None
        scale = max(self._sums)
        value = 0
        for each, (_, part) in self._sums.items():
            value += part * 10 ** (scale - each)
        return Amount(value, scale, unit)

    def mean(self):
        """The exact Mean; None if there is no total."""
        total = self.total()
        if total is None:
            return None
        above, below = ratio(total.value, 10**total.scale * self.count)
        return Mean(above, below, total.unit)


def total(amounts):
    """As Running.total."""
    return Running(amounts).total()


def mean(amounts):
    """As Running.mean."""
    return Running(amounts).mean()


def smallest(amounts):
    """The smallest of a list of amounts, the first of equal ones; None if they can't be compared, or there are none."""
    return _furthest(amounts, -1)


def largest(amounts):
    """The largest, otherwise as `smallest`."""
    return _furthest(amounts, 1)


def _furthest(amounts, direction):
    if Running(amounts).unit is None:
        return None
    best = None
    for amount in amounts:
        if best is None or direction * compared(amount, best) > 0:
            best = amount
    return best


def compared(one, other):
    """Below 0, 0 or above 0, as one amount is less than, equal to or more than another; units do not count."""
    scale = max(one.scale, other.scale)
    return one.value * 10 ** (scale - one.scale) - other.value * 10 ** (scale - other.scale)


def written_mean(mean, decimal):
    """A Mean as text, its decimals behind `decimal` ("." if None): all up to 12, otherwise "≈" and six, half to even."""
    return with_unit(shown((mean.above, mean.below), decimal or "."), mean.unit, decimal)
