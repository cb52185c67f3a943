"""What was read as rows of cells: one for each cell of a page, one for each line of a drawing."""

from app.reading.view import sureness


class Cell:
    """text: what it says. symbols: of the answer, with box, label, confidence and candidates. box: (top, left, bottom, right)
    in pixels of the answer's picture, None where nothing is written."""

    def __init__(self, text, symbols, box):
        self.text, self.symbols, self.box = text, symbols, box

    @property
    def is_doubtful(self):
        """Whether a person should look at it: something in it is refused or not sure."""
        return any([sureness(symbol) != "sure" for symbol in self.symbols])


def rows_of(answer):
    """A list of lists of Cells, top first; of a table all rows have as many. `answer`: see worker.py."""
    rest = iter(list(answer.symbols))
    if hasattr(answer, "rows"):
        return [
            [Cell(cell.text, [next(rest) for _ in range(cell.count)], tuple(cell.box)) for cell in list(row)]
            for row in list(answer.rows)
        ]
    rows = []
    for line in answer.text.split("\n"):
        symbols = [next(rest) for each in line if each != " "]
        if symbols:
            rows.append([Cell(line, symbols, around([tuple(symbol.box) for symbol in symbols]))])
    return rows


def around(boxes):
    """The smallest box around all."""
    tops, lefts, bottoms, rights = zip(*boxes)
    return min(tops), min(lefts), max(bottoms), max(rights)
