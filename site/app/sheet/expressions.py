"""The mode Sums: what is to be said of 12+7= and of 12+7=20.

In: the text of a line. Out: a Verdict. Numbers are exact fractions throughout.

    12+7=            answer    "12+7 = 19". 1/3= is ≈0.333333, its value (1, 3)
    12+7=19          right     as 2+3=5=5, where all sides are compared
    1/3=0.33         rounded   right to 2 decimal places: the other side was divided, and the number is nearest, half up or down
    12+7=20          wrong     "12+7 is 19, not 20." 10/3=3 is wrong, too: no decimals, so nobody rounded
    3+4              offered   nothing is asked, but its value is known. Only with + between numbers, or ×
    12:30  12/27/93  nothing   a time, a date, a score, a telephone number: without =, + or × a line is no sum, as in the reader
    3+?=7  1.234+1=  unsure    a symbol is not read; a number can be read two ways
    5/0=  2++=  200+10%=  refused   why, in a sentence

/ : ÷ divide, × * x multiply, before + and -; from left to right. A sign may stand before each number and bracket. % is
a hundredth: 50%×200 = 100, 10%+20% = 0.3; but 200+10% is 200.1 to some and 220 to pocket calculators: refused. Currencies
are left out of account. There are no powers, so no result has many more digits than the line itself.
"""

from collections import namedtuple

from app.sheet.amounts import CURRENCIES, DIGITS, two_ways, ways
from app.sheet.ratios import decimals, divided, minus, plus, ratio, shown, times

# kind: as above. said: a sentence, "" of nothing. value: the pair (above, below) of the side that was worked out, or None.
# shown: the same as text, "" if None.
Verdict = namedtuple("Verdict", ("kind", "said", "value", "shown"))

LONGEST = 200  # characters of a line
DEEPEST = 20  # brackets in brackets
LARGEST = 40  # digits of a result before its decimals
SAME = {"\u2212": "-", "–": "-", "*": "×", "x": "×", "X": "×", "·": "×", "÷": "/", "∕": "/"}
PERCENT = "A percentage of what? Write it as a product, as 10%×200."
HUNDREDTH = (1, 100)


class Refused(Exception):
    """Why nothing can be said of a line. args: a sentence, and the kind of Verdict, "refused" or "unsure"."""


def evaluate(text, decimal):
    """The Verdict on a line. decimal: as in amounts.parse. The time is bounded; nothing is raised."""
    try:
        return _verdict(text.strip(" \t\r\n"), decimal)
    except Refused as refusal:
        said, kind = refusal.args
        return Verdict(kind if "=" in text else "nothing", said if "=" in text else "", None, "")


def _verdict(text, decimal):
    asked = "=" in text
    if len(text) > LONGEST:
        raise Refused(f"A sum may have {LONGEST} characters.", "refused")
    if "?" in text:
        raise Refused("A symbol in it could not be read.", "unsure")
    parts = [part.strip(" ") for part in text.split("=")]
    if asked and not parts[-1]:
        parts.pop()
    if "" in parts:
        raise Refused("One side of an equals sign is empty.", "refused")
    sides = [Side(part, decimal) for part in parts]
    first = sides[0]
    sign = decimal or ("," if any(side.comma for side in sides) else ".")
    said = _shown(first.value, sign)
    if not asked:
        if not first.is_sum:
            raise Refused("", "nothing")
        return Verdict("offered", f"{first.text} {_equal(said)}", first.value, said)
    if len(sides) == 1:
        return Verdict("answer", f"{first.text} {_equal(said)}", first.value, said)
    kind, words = "right", "Right."
    for other in sides[1:]:
        if other.value == first.value:
            continue
        number, exact = (first, other) if first.places is not None and other.places is None else (other, first)
        if not _rounds(number, exact):
            return Verdict("wrong", _wrong(number, exact, sign), exact.value, _shown(exact.value, sign))
        first, said = exact, _shown(exact.value, sign)
        places = "1 decimal place" if number.places == 1 else f"{number.places} decimal places"
        kind, words = "rounded", f"Right to {places}: {exact.text} {_equal(said)}"
    return Verdict(kind, words, first.value, said)


def _shown(value, sign):
    if len(str(abs(value[0]) // value[1])) > LARGEST:
        raise Refused(f"The result has more than {LARGEST} digits.", "refused")
    text = shown(value, sign)
    if len(text) > 2 * LARGEST:
        raise Refused("The result is too close to zero to be written here.", "refused")
    return text


def _equal(said):
    """ "= 19", or "≈ 0.333333"."""
    return f"{said[0]} {said[1:]}" if said[0] == "≈" else f"= {said}"


def _wrong(number, exact, sign):
    if exact.places is not None:
        return f"{exact.text} is not {number.text}."
    worth = _shown(exact.value, sign)
    if number.places is not None:
        return f"{exact.text} is {worth}, not {number.text}."
    return f"{exact.text} is {worth}, and {number.text} is {_shown(number.value, sign)}."


def _rounds(number, exact):
    """Whether a written number is the nearest one to a value with its decimals, where a division made that necessary."""
    if not (number.places and exact.has_divided):
        return False
    far = minus(exact.value, number.value)
    ends = decimals(exact.value)
    return 2 * abs(far[0]) * 10**number.places <= far[1] and (ends is None or ends > number.places)


class Side:
    """What stands on one side of "=". text: it; value: a pair; places: its decimals if it is one number, otherwise None;
    is_sum: whether + between numbers, or ×, is in it; has_divided, comma: whether it divides, whether a decimal comma is in it.
    Refused if it is no expression."""

    def __init__(self, text, decimal):
        self.text = text
        self.decimal = decimal
        self.tokens = tokens(text)
        self.at = self.depth = 0
        self.is_sum = self.has_divided = self.comma = False
        self.places = None
        self.value, _ = self._sum()
        if self.at < len(self.tokens):
            raise Refused(f"{self._here()!r} cannot stand where it does.".replace("'", '"'), "refused")
        plain = [token for token in self.tokens if token not in "+-" and token not in CURRENCIES]
        if len(plain) > 1 or len(self.tokens) - len(plain) > 2:
            self.places = None

    def _here(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _take(self, choices):
        """The next token if it is among a text's characters, otherwise ""."""
        token = self._here()
        if not token or token not in choices:
            return ""
        self.at += 1
        return token

    def _sum(self):
        """(value, whether it is a percentage) of terms with + and - between."""
        value, percent = self._product()
        alike = True
        operator = self._take("+-")
        while operator:
            self.is_sum = self.is_sum or operator == "+"
            term, other = self._product()
            alike = alike and other == percent
            value = (plus if operator == "+" else minus)(value, term)
            operator = self._take("+-")
        if not alike:
            raise Refused(PERCENT, "refused")
        return value, percent

    def _product(self):
        """The same of factors with × and / between; a product is no percentage."""
        value, percent = self._factor()
        operator = self._take("×/:")
        while operator:
            factor, percent = self._factor()[0], False
            if operator == "×":
                self.is_sum = True
                value = times(value, factor)
            else:
                self.has_divided = True
                if factor[0] == 0:
                    raise Refused("Nothing can be divided by zero.", "refused")
                value = divided(value, factor)
            operator = self._take("×/:")
        return value, percent

    def _factor(self):
        """The same of one number or bracket, with its sign and marks."""
        negative = self._take("+-") == "-"
        currency = self._take(CURRENCIES)
        if self._take("("):
            self.depth += 1
            if self.depth > DEEPEST:
                raise Refused("There are too many brackets in brackets.", "refused")
            value, percent = self._sum()
            self.depth -= 1
            if not self._take(")"):
                raise Refused("A bracket is not closed.", "refused")
        else:
            value, percent = self._number(), False
        if not currency:
            self._take(CURRENCIES)
        if self._take("%"):
            value, percent = times(value, HUNDREDTH), True
        return (minus((0, 1), value) if negative else value), percent

    def _number(self):
        token = self._here()
        if not token:
            raise Refused("A number is missing at its end.", "refused")
        possible = ways(token, self.decimal) if token[-1] in DIGITS else []
        if not possible:
            raise Refused(f'"{token}" stands where a number is expected.', "refused")
        if len(possible) > 1:
            raise Refused(two_ways(possible).replace("It", token), "unsure")
        self.at += 1
        value, self.places, sign = possible[0]
        self.comma = self.comma or (self.places > 0 and sign == ",")
        return ratio(value, 10**self.places)


def tokens(text):
    """A text cut into numbers, as written, and other symbols, each alone. Refused at what belongs in no sum."""
    found, number = [], ""
    for each in text + " ":
        each = SAME.get(each, each)
        if each in DIGITS or each in ".,'":
            number += each
            continue
        if number:
            if found and found[-1][-1] in DIGITS:
                raise Refused("Two numbers stand side by side.", "refused")
            found.append(number)
            number = ""
        if each in "+-×/:()%" or each in CURRENCIES:
            found.append(each)
        elif each != " ":
            raise Refused(f'"{each}" belongs in no sum.', "refused")
    return found
