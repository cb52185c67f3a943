"""What goes wrong with data, said in plain words."""

LONGEST = 900  # characters: a stranger's file may have names, and names in it, of any length


class DataError(Exception):
    """A data set cannot be used; the message says which and why."""

    def __init__(self, reason):
        super().__init__(reason if len(reason) <= LONGEST else reason[:LONGEST] + "...")
