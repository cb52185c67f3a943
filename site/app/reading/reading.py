"""A reading as the page has it: what the worker answered, and what a person mended of it since."""

from app.reading.cells import around, cell_of

AT_ONCE = 40  # marks that are taken over before the page may do something else


class Reading:
    """rows: lists of Cells, top first; in a table all have as many. file, rotation: of the picture, as in `Desk`, None for the
    drawing. source: what it is called. picture: what shows it, drawable, once it is there. width: in whose pixels boxes are."""

    def __init__(self, source, file=None, rotation=None):
        self.source, self.file, self.rotation = source, file, rotation
        self.rows = []
        self.answer = self.picture = self.width = None
        self.is_table = False
        self.steps = []  # what was mended: (a Cell, its parts before), newest last

    def fill(self, answer, picture):
        """Takes over what the worker answered (worker.py) about a picture, in steps: a generator."""
        self.answer, self.picture = answer, picture
        self.width = getattr(answer, "width", None) or picture.width
        self.rows, rest, count = [], iter(list(answer.symbols)), 0
        for row in rows_of(answer):
            self.rows.append([])
            for text, box in row:
                cell = cell_of(text, rest, box)
                self.rows[-1].append(cell)
                count += len(cell.parts)
                if count >= AT_ONCE:
                    count = 0
                    yield
        if not hasattr(answer, "rows"):
            self.rows = [row for row in self.rows if row[0].parts]
            for (cell,) in self.rows:
                cell.box = around([mark.box for mark in cell.marks])
        wide = {len(row) for row in self.rows}
        self.is_table = len(self.rows) > 1 and len(wide) == 1 and wide != {1}

    def add_row(self, step):
        """A row has come of a page that is still being read."""
        rest = iter(list(step.symbols))
        self.rows.append([cell_of(cell.text, rest, tuple(cell.box)) for cell in list(step.cells)])
        return self.rows[-1]

    # --- what it says --------------------------------------------------------------------

    @property
    def gap(self):
        """Between two cells of a row."""
        return "\t" if self.is_table else " "

    @property
    def shown_rows(self):
        """The rows in which anything is said; of a table all."""
        return [row for row in self.rows if self.is_table or any([cell.parts for cell in row])]

    @property
    def text(self):
        rows = [[cell.text for cell in row if cell.parts or self.is_table] for row in self.shown_rows]
        return "\n".join([self.gap.join(row) for row in rows])

    @property
    def cells(self):
        return [cell for row in self.rows for cell in row]

    @property
    def marks(self):
        return [mark for cell in self.cells for mark in cell.marks]

    def cell_with(self, mark):
        """The Cell that a mark stands in, or None."""
        for cell in self.cells:
            if any([each is mark for each in cell.parts]):
                return cell

    @property
    def scale(self):
        """Pixels of the picture for each in which boxes are."""
        return self.picture.width / self.width

    # --- what a person says --------------------------------------------------------------

    @property
    def is_mended(self):
        return bool(self.steps)

    def mend(self, cell, parts):
        self.steps.append((cell, cell.parts))
        cell.parts = parts

    def step_back(self):
        """Takes back what was mended last; returns the Cell."""
        cell, parts = self.steps.pop()
        cell.parts = parts
        return cell

    @property
    def untaught(self):
        """The Marks that a person says are others than were read, and that nobody has taught."""
        return [mark for mark in self.marks if mark.is_corrected and not mark.is_taught]


def rows_of(answer):
    """[[(text, box of a cell or None)]]."""
    if hasattr(answer, "rows"):
        return [[(cell.text, tuple(cell.box)) for cell in list(row)] for row in list(answer.rows)]
    return [[(line, None)] for line in answer.text.split("\n")]
