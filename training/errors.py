"""What goes wrong with data, said in plain words."""


class DataError(Exception):
    """A data set cannot be used; the message says which and why."""
