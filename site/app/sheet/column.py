"""The line under a column: whether the last number is written as the sum of those above it.

A ruled line is unknown to the page, so that most columns end in one number more and not in a sum. What is compared is a
column of three amounts or more, and it is said only where the last one is meant as a sum: it is equal to it; or "=" stands
before it; or it is wrong in the way that sums are, by one digit or by two neighbours swapped, in a number of three
digits or more. Nothing is said of a column in which anything with a digit or a "?" in it is in doubt.
"""

from collections import namedtuple

from app.sheet.amounts import parse, written
from app.sheet.ratios import decimal_text
from app.sheet.totals import Running
from app.sheet.totals import compared as difference

# written: the Amount that stands below; sum: that of what stands above; equal: whether they are worth the same.
Comparison = namedtuple("Comparison", ("written", "sum", "equal"))

FEWEST = 3  # amounts: two of them equal would be called a sum
FEWEST_DIGITS = 3  # of a wrong sum: of shorter ones too many look alike by chance


def compared(texts, decimal, ruled=False):
    """A Comparison of the last text with the sum of those above it, or None if there is nothing to be said.

    texts: of a column from top to bottom; empty ones, and words without a digit, do not count. ruled: whether it is known
    that the last one is meant as a sum.
    """
    cells = [text.strip(" \t\r\n") for text in texts]
    cells = [text for text in cells if _counts(text)]
    if len(cells) < FEWEST:
        return None
    last = cells[-1]
    if last[0] == "=":
        ruled, last = True, last[1:]
    amounts = [parse(text, decimal) for text in cells[:-1] + [last]]
    if None in amounts or Running(amounts).unit is None:
        return None
    below = amounts.pop()
    above = Running(amounts).total()
    equal = difference(below, above) == 0
    return Comparison(below, above, equal) if equal or ruled or _looks_like(below, above) else None


def sentence(comparison, decimal):
    """ "written 276, adds up to 267"."""
    return f"written {written(comparison.written, decimal)}, adds up to {written(comparison.sum, decimal)}"


def _counts(text):
    return any(each in "0123456789?" for each in text)


def _looks_like(one, other):
    """Whether two amounts differ by one digit, or by two neighbours swapped."""
    scale = max(one.scale, other.scale)
    a, b = [decimal_text(each.value * 10 ** (scale - each.scale), scale, "") for each in (one, other)]
    if len(a) != len(b) or (a[0] == "-") != (b[0] == "-") or len(a.lstrip("-")) < FEWEST_DIGITS:
        return False
    places = [i for i in range(len(a)) if a[i] != b[i]]
    if len(places) != 2:
        return len(places) == 1
    i, k = places
    return k == i + 1 and a[i] == b[k] and a[k] == b[i]
