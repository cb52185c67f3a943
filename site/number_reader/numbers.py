"""What the symbols of a line mean: numbers with their exact values.

In: characters with their boxes. Out: a list of Number.
"""

from dataclasses import dataclass

TYPE_CHECKING = False  # as typing's own, which the worker would have to import
if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    Box = tuple[int, int, int, int]


@dataclass
class Number:
    """A number of a line. text: as written. value: exact, or None. kind: see `numbers`. box: (top, left, bottom, right)."""

    text: str
    value: "Decimal | None"
    kind: str
    box: "Box"


def numbers(line: "Sequence[tuple[str, Box | None]]", decimal: "str | None" = None) -> list[Number]:
    """The numbers of a line. line: (character, its box) from left to right, (" ", None) for a space."""
    return []
