"""What a written number is worth: digits with points and commas to an exact value, and the shapes of dates and times.

In: texts of digits and marks. Out: exact texts and Decimals, None where there is doubt.
"""

import re

TYPE_CHECKING = False  # as typing's own, which the worker would have to import
if TYPE_CHECKING:
    from decimal import Decimal

SIGNS = ".,"  # what stands before decimals, or between groups of digits
LONGEST = 20  # digits of a fraction's parts; more are no fraction that a person writes, and would take long to divide
WHOLE = re.compile(r"[0-9]+")
THOUSANDS = re.compile(r"[1-9][0-9]{0,2}([.,][0-9]{3})+")
INDIAN = re.compile(r"[1-9][0-9]?(,[0-9]{2})+,[0-9]{3}")  # 12,34,567
DAY_FIRST = re.compile(r"(0?[1-9]|[12][0-9]|3[01])\.(0?[1-9]|1[0-2])")
TIME = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?")
# How many digits the parts of a telephone number have, as they are grouped by dashes.
TELEPHONE = {(3, 4), (3, 3, 4), (1, 3, 4), (1, 3, 3, 4)}


def decimal_of(text: str) -> "Decimal":
    """The Decimal of an exact text, every digit kept."""
    # Imported late, as most readings of the page ask for none. In Pyodide it is compiled into the WebAssembly, and its module
    # is 405 bytes more to load: tools/used.py.
    from decimal import Decimal

    return Decimal(text)


def ways(text: str, decimal: "str | None") -> list[str]:
    """How digits with points and commas can be read, as texts that Decimal takes: none, one or two.

    decimal: the sign before decimals, "." or ",", or None if nobody knows. It chooses between two; where there is only one
    way it is that, whatever `decimal` says: "3.14" is 3.14.
    """
    found = {sign: way for sign in SIGNS if (way := _way(text, sign)) is not None}
    if decimal in found:
        return [found[decimal]]
    return sorted(set(found.values()))


def _way(text: str, sign: str) -> "str | None":
    """The text read with this sign before decimals and the other one between groups, or None if it can't be."""
    whole, found, decimals = text.partition(sign)
    if found and not WHOLE.fullmatch(decimals):
        return None
    if found and not whole:
        whole = "0"  # .5
    if WHOLE.fullmatch(whole):
        return f"{whole}.{decimals}" if found else whole
    if not (THOUSANDS.fullmatch(whole) or INDIAN.fullmatch(whole)):
        return None
    whole = whole.replace(",", "").replace(".", "")
    return f"{whole}.{decimals}" if found else whole


def quotient(above: str, below: str) -> "str | None":
    """The exact text of a fraction of two whole numbers; None if its decimals never end, or it has more than LONGEST digits."""
    if max(len(above), len(below)) > LONGEST or int(below) == 0:
        return None
    places, rest = 0, int(above)
    while rest % int(below):
        rest, places = rest * 10, places + 1
        if places > 4 * LONGEST:  # a power of two has at most as many places as bits, less than four for a digit
            return None
    return f"{rest // int(below)}E-{places}"


def is_date(parts: "list[str]") -> bool:
    """Whether the parts of a text can be day, month and year, in any of the orders that are in use."""
    if len(parts) != 3:
        return False
    lengths = [len(part) for part in parts]
    first, second, third = map(int, parts) if max(lengths) <= 4 else (0, 0, 0)
    if lengths[0] == 4:
        return lengths[1] <= 2 and lengths[2] <= 2 and 1 <= second <= 12 and 1 <= third <= 31
    return lengths[0] <= 2 and lengths[1] <= 2 and lengths[2] in (2, 4) and is_day(first, second)


def is_day(first: int, second: int) -> bool:
    """Whether two numbers can be a day and a month, in either order."""
    return 1 <= min(first, second) <= 12 and max(first, second) <= 31


def is_short_date(parts: "list[str]") -> bool:
    """Whether two parts can be a day and a month, or a month and a day."""
    return len(parts) == 2 and max(map(len, parts)) <= 2 and is_day(*map(int, parts))


def is_telephone(parts: "list[str]") -> bool:
    """Whether dashes group digits as in a telephone number."""
    # Nobody subtracts from a number with a zero before it.
    coded = any(len(part) > 1 and part[0] == "0" for part in parts) and 7 <= sum(map(len, parts)) <= 15
    return coded or tuple(map(len, parts)) in TELEPHONE
