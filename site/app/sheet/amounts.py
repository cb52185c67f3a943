"""What the text of a cell is worth, exactly, and how an amount is written.

In: texts. Out: Amounts, None where there is doubt. number_reader/values.py has the same rules for digits with points and
commas, and number_reader/numbers.py those for signs; a test compares them. In doubt there is no value: never a wrong one.

    5  -5  +5          a sign touches its number, U+2212 as well. "- 5" may be a bullet and "5-" a loss: no amounts
    (12)  ($12)        -12, as accountants write it; the reader, which sees lines and no cells, leaves it open
    $5  5 $  -$5  $-5  money, as €, £ and ¥; "$5%" is none
    50%  50 %          50 of the unit %, as in the reader, so that 50% and 30% are 80%; not 0.5
    1,234.5  1.234,5  12,34,567  1'234  .5      grouped, with decimals; a no-break space may stand between groups
    1.234              two ways: `decimal` says which, otherwise doubt

No amounts: dates, times, telephone numbers, fractions, sums, two numbers with a space between, anything with a "?".
"""

from collections import namedtuple

from app.sheet.ratios import decimal_text

# value: a whole number; the amount is value / 10**scale of the unit: "" of a bare number, "%", or one of CURRENCIES.
Amount = namedtuple("Amount", ("value", "scale", "unit"))

SIGNS = ".,"  # what stands before decimals, or between groups of digits
DIGITS = "0123456789"
CURRENCIES = "$€£¥"
UNITS = "%" + CURRENCIES
LONGEST = 60  # characters; more is no number that a person writes
NO_BREAK = ("\u00a0", "\u202f", "\u2009")  # spreadsheets put them between groups, and before % and €

EMPTY = "It is empty."
UNREAD = "A symbol in it could not be read."
NO_NUMBER = "It is not a single number."
TOO_LONG = f"It has more than {LONGEST} characters."


def parse(text, decimal):
    """The Amount that a text is, or None; `why_not` says why.

    decimal: "." or ",", the sign before decimals where a text can be read two ways; None if nobody knows.
    """
    return _read(text, decimal)[0]


def why_not(text, decimal):
    """Why a text is no amount, a sentence; "" if it is one."""
    return _read(text, decimal)[1]


def written(amount, decimal):
    """An amount as text, with all its decimals, behind `decimal` ("." if None), not grouped: "-$0.30", "80%", "0,30 €"."""
    return with_unit(decimal_text(amount.value, amount.scale, decimal or "."), amount.unit, decimal)


def plain(text, decimal):
    """An amount's text as any spreadsheet of the same language takes it: without groups, with a hyphen for brackets and U+2212.

    Every decimal stays, and a currency on its side. What is no amount, or in doubt, is left as it is.
    """
    amount = parse(text, decimal)
    if amount is None:
        return text
    end = _plain_spaces(text).strip(" \t\r\n()")
    if amount.unit and amount.unit in CURRENCIES and end[-1] == amount.unit:
        space = " " if end[-2] == " " else ""
        return decimal_text(amount.value, amount.scale, decimal or ".") + space + amount.unit
    return with_unit(decimal_text(amount.value, amount.scale, decimal or "."), amount.unit, None)


def with_unit(text, unit, decimal):
    """A number's text with its unit: % behind it; a currency behind its sign, but € behind the number where "," is the sign
    before decimals, as in most of those countries."""
    if not unit or unit == "%":
        return text + unit
    if unit == "€" and decimal == ",":
        return f"{text} €"
    start = 0
    while text[start] in "≈-":
        start += 1
    return text[:start] + unit + text[start:]


def _read(text, decimal):
    """(the Amount or None, why there is none)."""
    if len(text) > LONGEST:
        return None, TOO_LONG
    text = _plain_spaces(text).replace("\u2212", "-").strip(" \t\r\n")
    if not text or "?" in text:
        return None, UNREAD if text else EMPTY
    loss = text[0] == "(" and text[-1] == ")"
    if loss:
        text = text[1:-1].strip(" ")
    found = _marks(text)
    if not found or (loss and found[0]):
        return None, NO_NUMBER
    sign, unit, digits = found
    possible = ways(digits, decimal)
    if len(possible) == 1:
        value, scale, _ = possible[0]
        return Amount(-value if loss or sign == "-" else value, scale, unit), ""
    if not possible:
        return None, NO_NUMBER
    return None, two_ways(possible)


def two_ways(possible):
    """A sentence that says how a text can be read."""
    first, second = [decimal_text(value, scale, sign) for value, scale, sign in possible]
    return f"It can be read two ways: {first} or {second}."


def _plain_spaces(text):
    """The text with an apostrophe for each no-break space between digits, a space for every other one."""
    for space in NO_BREAK:
        if space in text:
            first, *others = text.split(space)
            for each in others:
                between = first and first[-1] in DIGITS and each and each[0] in DIGITS
                first += ("'" if between else " ") + each
            text = first
    return text.replace("’", "'")


def _marks(text):
    """(sign or "", unit or "", what is left: the digits), or None if the marks stand where they mean nothing."""
    sign = unit = ""
    for _ in range(2):
        if text and text[0] in "+-" and not sign:
            sign, text = text[0], text[1:]
            if text[:1] == " ":
                return None
        elif text and text[0] in CURRENCIES and not unit:
            unit, text = text[0], text[1:]
            # "$ -5" might be two things.
            text = text[1:] if text[:1] == " " and text[1:2] not in ("+", "-") else text
    if text and text[-1] in UNITS:
        if unit:
            return None
        unit, text = text[-1], text[:-1]
        text = text[:-1] if text[-1:] == " " else text
    return sign, unit, text


def is_digits(text):
    """Whether a text is digits, at least one, and nothing else."""
    return text != "" and text.strip(DIGITS) == ""


def ways(text, decimal):
    """How digits with points and commas can be read: a list of none, one or two of (value, scale, the sign before decimals).

    As number_reader.values.ways: `decimal` chooses between two; where there is only one way it is that one.
    """
    if "'" in text:
        text = _ungrouped(text)
        if not text:
            return []
    found = {}
    for sign in SIGNS:
        way = _way(text, sign)
        if way:
            found[sign] = way
    if decimal in found:
        return [found[decimal]]
    if len(found) == 2 and found["."][:2] == found[","][:2]:
        return [found["."]]
    return [found[sign] for sign in SIGNS if sign in found]


def _ungrouped(text):
    """1'234.5 without its apostrophes; "" if they do not stand between groups of three."""
    end = min([text.find(sign) for sign in SIGNS if sign in text] or [len(text)])
    groups = text[:end].split("'")
    if "'" in text[end:] or not _grouped(groups):
        return ""
    # No second grouping: what follows are decimals, whichever sign they have.
    decimals = text[end + 1 :]
    return "".join(groups) + text[end:] if end == len(text) or is_digits(decimals) else ""


def _grouped(groups):
    """Whether these digits are the groups of thousands of one number, the first of one to three and not 0."""
    first = groups[0]
    return is_digits(first) and first[0] != "0" and len(first) <= 3 and all(_three(each) for each in groups[1:])


def _three(text):
    return len(text) == 3 and is_digits(text)


def _indian(groups):
    """Whether they are those of 12,34,567."""
    first, last, between = groups[0], groups[-1], groups[1:-1]
    if not (between and is_digits(first) and first[0] != "0" and len(first) <= 2 and _three(last)):
        return False
    return all(len(each) == 2 and is_digits(each) for each in between)


def _way(text, sign):
    """(value, scale, sign) of a text read with this sign before decimals and the other between groups, or None."""
    whole, found, decimals = text.partition(sign)
    if found and not is_digits(decimals):
        return None
    if found and not whole:
        whole = "0"  # .5
    if not is_digits(whole):
        other = "," if sign == "." else "."
        groups = whole.split(other)
        if len(groups) < 2 or not (_grouped(groups) or (other == "," and _indian(groups))):
            return None
        whole = "".join(groups)
    return int(whole + decimals), len(decimals), sign
