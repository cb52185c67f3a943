"""Brackets on the way along a line: which have no fellow, and which of these stand where nobody writes one."""

from number_reader.labels import CHARACTERS, NOT_A_DIGIT

OPEN, CLOSE = CHARACTERS.index("("), CHARACTERS.index(")")


def unpaired(way):
    """The brackets of a way that have no fellow: a list of Segments."""
    opened, lone = [], []
    for segment in way:
        if segment.label == OPEN:
            opened.append(segment)
        elif segment.label == CLOSE and opened:
            opened.pop()
        elif segment.label == CLOSE:
            lone.append(segment)
    return lone + opened


def torn(way):
    """Brackets without a fellow between digits: nobody writes 28(0. The ids of Segments."""
    lone = {id(segment) for segment in unpaired(way)}
    digits = [segment.label is not None and segment.label < NOT_A_DIGIT for segment in way]
    between = zip(way[1:-1], digits, digits[2:])
    return {id(segment) for segment, before, after in between if id(segment) in lone and before and after}
