"""Exact fractions, as pairs of whole numbers, and how they and decimals are written. MicroPython has no fractions module.

A pair is (above, below): below > 0, no common divisor. Nothing is ever a float.
"""

PLACES = 6  # decimals that are shown of what never ends, from the first that is no zero
LONGEST = 12  # decimals of what ends, all of which are shown
ABOUT = "≈"


def ratio(above, below=1):
    """The pair of above/below, which are whole numbers. ZeroDivisionError if below is 0."""
    if below == 0:
        raise ZeroDivisionError
    common, rest = abs(above), abs(below)
    while rest:
        common, rest = rest, common % rest
    if below < 0:
        common = -common
    return above // common, below // common


def plus(a, b):
    return ratio(a[0] * b[1] + b[0] * a[1], a[1] * b[1])


def minus(a, b):
    return ratio(a[0] * b[1] - b[0] * a[1], a[1] * b[1])


def times(a, b):
    return ratio(a[0] * b[0], a[1] * b[1])


def divided(a, b):
    """ZeroDivisionError if b is 0."""
    return ratio(a[0] * b[1], a[1] * b[0])


def decimals(pair):
    """How many decimals a pair has; None if they never end."""
    counts, below = [], pair[1]
    for prime in (2, 5):
        count = 0
        while below % prime == 0:
            below //= prime
            count += 1
        counts.append(count)
    return max(counts) if below == 1 else None


def rounded(pair, places):
    """A pair times 10**places as a whole number, the nearest one, of two the even one."""
    above, below = pair[0] * 10**places, pair[1]
    whole, rest = above // below, above % below
    return whole + (2 * rest > below or (2 * rest == below and whole % 2))


def decimal_text(value, scale, sign):
    """value / 10**scale as digits with a minus sign if it is below 0 and `scale` decimals behind `sign`."""
    digits = str(abs(value))
    digits = "0" * (scale + 1 - len(digits)) + digits
    if scale:
        digits = digits[:-scale] + sign + digits[-scale:]
    return "-" + digits if value < 0 else digits


def shown(pair, sign):
    """A pair as decimals behind `sign`: all of up to LONGEST, otherwise rounded, half to even, to PLACES, with "≈" before.

    Of what is less than 1 the places are counted from the first that is no zero: ≈0.00333333.
    """
    places = decimals(pair)
    if places is not None and places <= LONGEST:
        return decimal_text(rounded(pair, places), places, sign)
    places, above = PLACES, abs(pair[0])
    while above * 10 < pair[1]:
        above, places = above * 10, places + 1
    return ABOUT + decimal_text(rounded(pair, places), places, sign)
