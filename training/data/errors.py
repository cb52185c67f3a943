"""What goes wrong with data, said in plain words."""

LONGEST = 900  # characters: a stranger's file may have names, and names in it, of any length


class DataError(Exception):
    """A data set cannot be used; the message says which and why. reason: why alone, where it is about one file."""

    def __init__(self, sentence, reason=""):
        super().__init__(sentence if len(sentence) <= LONGEST else sentence[:LONGEST] + "...")
        self.reason = reason or sentence
