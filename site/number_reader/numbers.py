"""What the symbols of a line mean: which belong to one number, of which kind it is, and what it is worth.

In: characters with their boxes. Out: a list of Number. `values` says what a single number is worth.

    line    = item (space item)*        operators and punctuation stand anywhere between
    number  = [sign] [$] amount [% | $]
    amount  = digits, grouped and with decimals: 1234 1,234.5 1.234,5 1.234.567 12,34,567 .5
    chain   = amount ([-/:] amount)*    without spaces: a date, a time, a telephone number, a fraction, else a difference

kind        text                        value
number      -49.892  +1  1.234,50       the number. "1.234" is two: `decimal` says which, else None
percent     15.08%  5 %                 what stands before the sign: 15.08
money       $12,738.50  238$  -$5       the amount; without the currency
fraction    7/8                         exact, 0.875; None where decimals never end (1/3), and of 2 1/2, which may be two
date        12/27/93  12-26-70          None. Valid day and month in either order, then the year; or the year first; 27.12.93;
                                        09/18, as nobody writes a fraction so
time        4:30  23:59:59              None
telephone   (408) 974-3145  974-3145    None. Of 3-4, 3-3-4, 1-3-4 or 1-3-3-4 digits; a part that begins with 0; + and 8 to 15
other       1.2.3  2:1  1-2-3  ?4       None: nobody can be sure

A sign belongs to the number that it touches unless something that could be subtracted from touches it: 5-3 is 5 and 3. Sums
are lines with = or ×, or + between numbers; dashes and slashes are operators in them, but for a fraction of two parts.

A wrong value is worse than none. None is the value of what can be meant in two ways: "- 5" at the beginning (a bullet?),
"12 -5" outside a sum (12 minus 5?), "(5)" alone and "5-" at the end (losses?), "1 234 567" (groups, or three numbers?),
"3. 14" and "3 .14" (a wide gap?), "24.12." (a day?), "12: 30", "4 / 10 / 94". A comma before a space parts, as in "1, 2, 3".

A "?" makes everything that it touches (up to a space, a parenthesis, +, = or ×) "other" without a value.
"""

import re
from dataclasses import dataclass

from number_reader import values
from number_reader.tokens import LINKS, Tokens

TYPE_CHECKING = False  # as typing's own, which the worker would have to import
if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    Box = tuple[int, int, int, int]

GROUP = re.compile(r"[0-9?]{3}(?:[.,][0-9?]+)?")
OPERATORS = ("=", "×", "+", "-", "/", ":")
LONGEST_CHAIN = 4  # parts of a date, a time or a telephone number that is written with spaces


@dataclass
class Number:
    """A number of a line. text: as written, from its first symbol to its last. value: exact, or None where it has none or
    there is doubt. kind: number, percent, money, fraction, date, time, telephone or other. box: (top, left, bottom, right)."""

    text: str
    value: "Decimal | None"
    kind: str
    box: "Box"


def numbers(line: "Sequence[tuple[str, Box | None]]", decimal: "str | None" = None) -> list[Number]:
    """The numbers of a line, from left to right, as the module's docstring says.

    line: (character, its box) from left to right, (" ", None) for a space; a character that is no symbol counts as "?".
    decimal: "." or ",", the sign before decimals where a text can be read two ways; None if nobody knows. Every digit and
    every "?" is in one Number; what is in none is an operator, a parenthesis or punctuation. The time is linear.
    """
    return Line(line, decimal).read()


class Line(Tokens):
    """A line being read: how far it is `done`, in tokens, and the numbers `found`."""

    def __init__(self, line: "Sequence[tuple[str, Box | None]]", decimal: "str | None") -> None:
        super().__init__(line)
        self.decimal = decimal
        self.done = 0
        self.found: list[Number] = []

    def read(self) -> list[Number]:
        """All numbers."""
        i = 0
        while i < len(self.tokens):
            end = self.telephone(i)
            if end:
                self.add(i, end, "telephone")
            elif self.amount(i):
                end = self.doubtful(i) or self.number(i)
            i = max(self.done, i + 1)
        return self.found

    # --- numbers that spaces go through ---------------------------------------------------------

    def telephone(self, i: int) -> int:
        """The end of a telephone number with an area code in parentheses or a country's behind "+", or 0."""
        k = i
        if self.sum or not (self.at(i) in ("(", "+") or 0 < self.plain(i) <= 3):
            return 0
        if self.at(k) == "+":
            k += 1
        if 0 < self.plain(k) <= 3:  # the country
            k += 2 if self.at(k + 1) in (" ", "-") else 1
        if self.at(k) == "(" and 2 <= self.plain(k + 1) <= 5 and self.at(k + 2) == ")":
            k = self.after(k + 3)
            fits = (self.plain(k), self.plain(k + 2)) == (3, 4) and self.at(k + 1) in ("-", " ")
            return k + 3 if fits and self.alone(k + 2) else 0
        if self.at(i) != "+" or self.at(k - 1) not in (" ", "-"):
            return 0
        digits = self.plain(i + 1) + self.plain(k)
        while self.plain(k) and self.at(k + 1) in (" ", "-") and self.plain(k + 2) and digits <= 15:
            k += 2
            digits += self.plain(k)
        return k + 1 if 8 <= digits <= 15 and self.plain(k) else 0

    def doubtful(self, i: int) -> int:
        """Adds what may be one number or several, as spaces are in it; its end, or 0."""
        return (self.alone(i) and (self.grouped(i) or self.mixed(i) or self.wide(i))) or self.spaced(i)

    def grouped(self, i: int) -> int:
        """Adds groups of three digits, or a telephone number grouped by spaces; the end, or 0."""
        lengths, k = [self.plain(i)], i
        while self.at(i)[0] != "0" and 0 < lengths[0] <= 3 and self.plain(k) and self.at(k + 1) == " ":
            if not (GROUP.fullmatch(self.at(k + 2)) and self.alone(k + 2)):
                break
            k += 2
            lengths.append(3)
        if self.plain(k) and self.at(k + 1) == " " and self.alone(k + 2):
            if len(lengths) > 1 and (*lengths, self.plain(k + 2)) in values.TELEPHONE:
                return self.wrap(i, k + 3, None, "other")
        return self.wrap(i, k + 1, None, "number") if k > i else 0

    def mixed(self, i: int) -> int:
        """Adds a whole number with a fraction behind it; the end, or 0."""
        parts = [self.at(i + 2), self.at(i + 4)]
        fits = all(map(self.plain, (i, i + 2, i + 4))) and (self.at(i + 1), self.at(i + 3)) == (" ", "/")
        if fits and self.alone(i + 4) and not self.shape(parts, "/"):
            return self.wrap(i, i + 5, None, "fraction")
        return 0

    def wide(self, i: int) -> int:
        """Adds decimals with a space beside their point: "3. 14", "3 .14"; the end, or 0."""
        k = i
        while self.plain(k):
            if self.at(k + 1) == " " and self.at(k + 2)[:1] in (".", ",") and self.amount(k + 2) and self.alone(k + 2):
                k += 2
                break
            point = self.after(k + 1)
            parted = (self.at(point), self.at(point + 1)) == (".", " ")
            if not (parted and self.plain(point + 2) and self.alone(point + 2)):
                break
            k = point + 2
        return self.wrap(i, k + 1, None, "other") if k > i else 0

    def spaced(self, i: int) -> int:
        """Adds a date, a time or a telephone number with spaces beside its dashes, slashes or colons; the end, or 0."""
        link, parts, k = self.at(self.after(i + 1)), [self.at(i)], i
        if self.sum or link not in LINKS or self.at(self.before(i)) in LINKS:
            return 0
        while self.at(self.after(k + 1)) == link and len(parts) <= LONGEST_CHAIN:
            following = self.after(self.after(k + 1) + 1)
            if not self.plain(following):
                break
            k = following
            parts.append(self.at(k))
        long = len(parts) > 2 or (link == ":" and len(parts) > 1)
        if long and " " in self.tokens[i:k] and ("?" in "".join(parts) or self.shape(parts, link)):
            return self.wrap(i, k + 1, None, "other")
        return 0

    # --- numbers without spaces -----------------------------------------------------------------

    def number(self, i: int) -> int:
        """Adds the chain of amounts from i on; its end."""
        end = self.chain(i)
        if self.at(end) == "$" and self.amount(end + 1):  # 5$6
            return self.wrap(i, end + 2, None, "other")
        links = set(self.tokens[i + 1 : end : 2])
        if links == {"-"} and not self.sum and (kind := self.shape(self.tokens[i:end:2], "-")):
            return self.wrap(i, end, None, kind)
        if "?" in "".join(self.tokens[i:end]) or (links == {"-"} and end - i > 3 and not self.sum):
            return self.wrap(i, end, None, "other")
        start = i
        for k in [*(k for k in range(i + 1, end, 2) if self.at(k) == "-"), end]:
            self.part(start, k)
            start = k + 1
        return self.done

    def part(self, i: int, end: int) -> None:
        """Adds the amounts from i to `end`, which no dash links."""
        parts, links = self.tokens[i:end:2], set(self.tokens[i + 1 : end : 2])
        link = links.pop() if len(links) == 1 else ""
        shape = self.shape(parts, link) if link else ""
        if len(parts) == 1:
            self.single(i)
        elif shape:
            self.wrap(i, end, None, "other" if self.sum else shape)
        elif link == "/" and len(parts) == 2 and self.plain(i) and self.plain(i + 2):
            self.wrap(i, end, values.quotient(*parts), "fraction")
        elif (link == "/" and len(parts) == 2) or (self.sum and link):
            for k in range(i, end, 2):
                self.single(k)
        else:
            self.wrap(i, end, None, "other")

    def shape(self, parts: list[str], link: str) -> str:
        """The kind of what is written with these parts and links, or "" if it is no date, time or telephone number."""
        if not all(map(str.isdigit, parts)):
            return ""
        if link == ":":
            return "time" if values.TIME.fullmatch(":".join(parts)) else ""
        zero = any(len(part) > 1 and part[0] == "0" for part in parts)
        if values.is_date(parts) or (len(parts) == 2 and zero and values.is_short_date(parts)):
            return "date"
        if link == "-" and values.is_telephone(parts):
            return "telephone"
        return "other" if link == "-" and zero else ""

    def single(self, i: int) -> None:
        """Adds the amount at i."""
        text, following = self.at(i), self.at(i + 1)
        dotted, marked = text.split("."), self.at(self.before(i)) in ("$", "-", "+")
        if all(map(str.isdigit, dotted)) and values.is_date(dotted):
            self.wrap(i, i + 1, None, "date")
        elif values.DAY_FIRST.fullmatch(text) and following == "." and self.decimal != "." and not marked:  # 24.12.
            self.wrap(i, i + 1, None, "date" if self.decimal else "other")
        else:
            ways = values.ways(text, self.decimal)
            self.wrap(i, i + 1, ways[0] if len(ways) == 1 else None, "number" if ways else "other")

    # --- what belongs to a number besides its digits ----------------------------------------------

    def wrap(self, i: int, end: int, value: "str | None", kind: str) -> int:
        """Adds the number from i to `end` with its sign, its $ and its %, its `value` being an exact text; its end."""
        first, signed, sure = self.prefix(i)
        marks = {"$"} if "$" in self.tokens[first:i] else set()
        last = end
        while self.at(self.after(last)) in ("%", "$"):
            mark = self.after(last)
            if self.at(mark) == "$" and self.amount(mark + 1):  # it is the next number's
                break
            sure = sure and not marks  # of two marks one is none
            marks.add(self.at(mark))
            last = mark + 1
        if self.at(last) == "-" and self.at(self.after(last + 1)) in ("", ".", ",", ")"):
            sure = False  # 5-, as accountants write what is negative
        if kind == "number" and marks:
            kind = "money" if "$" in marks else "percent"
        elif kind not in ("number", "fraction") and (marks or signed):
            kind = "other"
        elif kind == "fraction" and marks:
            sure = False
        if signed == "-" and value is not None:
            value = f"-{value}"
        return self.add(first, last, kind, value if sure and not self.enclosed(first, last) else None)

    def prefix(self, i: int) -> tuple[int, str, bool]:
        """(where the sign or the $ before i begins, the sign, whether that is sure)."""
        first, sign, sure = i, "", True
        dollar = first - 1 if self.at(first - 1) == "$" else first - 2
        if dollar >= self.done and self.at(dollar) == "$" and self.before(first) == dollar:
            first = dollar
        spaced = self.at(first - 1) == " "
        k, left = self.before(first), self.before(self.before(first))
        operand = self.operand(left)
        if self.at(k) == "?" and spaced and not operand:
            sure = False  # it may be a minus
        elif k >= self.done and self.at(k) in ("-", "+") and not (operand and (spaced or self.sum or left == k - 1)):
            # At the beginning it may be a bullet, behind a comma that of a price: 5,-
            loose = self.at(left) not in (*OPERATORS, "(", "$") and (spaced or (left == k - 1 and left >= 0))
            double = self.at(left) in ("-", "+") and not self.operand(self.before(left))
            sure = not double and (self.at(k) == "+" or not (operand or loose))
            first, sign = k, self.at(k)
            if self.at(k - 1) == "$" and k - 1 >= self.done and "$" not in self.tokens[first:i]:
                first = k - 1
        return first, sign, sure

    def enclosed(self, first: int, last: int) -> bool:
        """Whether a number stands alone in parentheses, as accountants write what is negative."""
        opened, closed = self.before(first), self.after(last)
        around = self.at(self.before(opened)), self.at(self.after(closed + 1))
        alone = self.at(opened) == "(" and self.at(closed) == ")" and not set(around) & set(OPERATORS)
        return alone and not self.sum

    def add(self, first: int, last: int, kind: str, value: "str | None" = None) -> int:
        """Adds the tokens from `first` to `last` as a number; `last`."""
        start, end = self.starts[first], self.starts[last]
        if any(self.unread[start:end]):
            value, kind = None, "other"
        tops, lefts, bottoms, rights = zip(*(box for box in self.boxes[start:end] if box is not None))
        box = min(tops), min(lefts), max(bottoms), max(rights)
        exact = None if value is None else values.decimal_of(value)
        self.found.append(Number(self.text[start:end], exact, kind, box))
        self.done = last
        return last
