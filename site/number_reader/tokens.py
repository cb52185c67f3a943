"""A line of symbols cut into tokens: amounts (digits with points and commas between them), and every other symbol alone.

In: characters with their boxes. Out: Tokens, which can be asked what stands where.
"""

import re
from itertools import accumulate

TYPE_CHECKING = False  # as typing's own, which the worker would have to import
if TYPE_CHECKING:
    from collections.abc import Sequence

    Box = tuple[int, int, int, int]

KNOWN = "0123456789.,-+/:%()$=× "  # whatever else is in a line counts as "?"
TOKEN = re.compile(r"[.,]*[0-9?]+(?:[.,]+[0-9?]+)*|[.,]+|.")  # an amount, punctuation, any other character
PLAIN = re.compile(r"[0-9?]+")
PIECE = re.compile(r"[^ ()+=×]+")  # how far a "?" reaches
LINKS = ("-", "/", ":")


class Tokens:
    """text: the line, one space for many. boxes: of each of its characters, None for a space. tokens: texts, which joined
    are `text`. starts: where each begins in it. sum: whether there is = or ×, or + between numbers. unread: for each character
    whether a "?" is in its piece."""

    def __init__(self, line: "Sequence[tuple[str, Box | None]]") -> None:
        pairs = [(each if each in KNOWN else "?", box) for each, box in line]
        pairs = [pair for before, pair in zip([(" ", None), *pairs], pairs) if (before[0], pair[0]) != (" ", " ")]
        self.text, self.boxes = "".join(each for each, _ in pairs), [box for _, box in pairs]
        self.tokens = TOKEN.findall(self.text)
        self.starts = [0, *accumulate(map(len, self.tokens))]
        self.unread = [False] * len(self.text)
        for piece in PIECE.finditer(self.text):
            if "?" in piece.group():
                self.unread[piece.start() : piece.end()] = [True] * len(piece.group())
        plus = any(token == "+" and self.operand(self.before(i)) for i, token in enumerate(self.tokens))
        self.sum = plus or "=" in self.tokens or "×" in self.tokens

    def at(self, i: int) -> str:
        """The token i, "" where there is none."""
        return self.tokens[i] if 0 <= i < len(self.tokens) else ""

    def amount(self, i: int) -> bool:
        """Whether there are digits at i."""
        return self.at(i)[-1:].isdigit() or self.at(i)[-1:] == "?"

    def plain(self, i: int) -> int:
        """How many digits there are at i, or 0 if there are marks too, or none."""
        return len(self.at(i)) if PLAIN.fullmatch(self.at(i)) else 0

    def before(self, i: int) -> int:
        """The last token before i that is no space."""
        return i - 2 if self.at(i - 1) == " " else i - 1

    def after(self, i: int) -> int:
        """The first token from i on that is no space."""
        return i + 1 if self.at(i) == " " else i

    def operand(self, i: int) -> bool:
        """Whether something ends at i from which one could subtract."""
        return self.amount(i) or self.at(i) == ")" or (self.at(i) in ("%", "$") and self.amount(self.before(i)))

    def chain(self, i: int) -> int:
        """The end of the amounts from i on that LINKS link without spaces."""
        while not self.alone(i):
            i += 2
        return i + 1

    def alone(self, i: int) -> bool:
        """Whether the token at i is linked to no amount behind it."""
        return self.at(i + 1) not in LINKS or not self.amount(i + 2)
