"""What labels stand for: digits and marks, how they are written and what they are called.

CHARACTERS and MODES are those of number_reader/labels.py, which the page cannot import; a test compares them.
"""

CHARACTERS = "0123456789???.,-+/:%()$=×"  # what each label is written as
DIGITS = range(10)
MARKS = range(13, 25)
LABELS = list(DIGITS) + list(MARKS)  # what a person can teach
MODES = {"digits": "", "numbers": ".,-+/:%()$", "sums": ".,-+/:%()$=×"}  # the marks that each mode reads
CALLED = {"digits": "Digits only", "numbers": "Numbers", "sums": "Sums"}  # what the page calls the modes
# For sentences and screen readers, which leave out a mark that they take for punctuation.
NAMES = {
    ".": "point",
    ",": "comma",
    "-": "minus sign",
    "+": "plus sign",
    "/": "slash",
    ":": "colon",
    "%": "percent sign",
    "(": "opening bracket",
    ")": "closing bracket",
    "$": "dollar sign",
    "=": "equals sign",
    "×": "times sign",
}


def is_known(label):
    """Whether a label is that of a digit or a mark."""
    return label in LABELS


def name(label):
    """ "4", or "point"."""
    character = CHARACTERS[label]
    return NAMES.get(character, character)


def a(label):
    """A digit or a mark with its article."""
    called = name(label)
    return f"an {called}" if called[0] in "8eo" else f"a {called}"


def many(label):
    """ "4s", or "points"."""
    called = name(label)
    return called + ("es" if called.endswith("sh") else "s")


def counted(labels):
    """ "2 digits", "1 mark", "2 digits and 1 mark"; "0 digits" of none."""
    labels = list(labels)
    marks = sum(label in MARKS for label in labels)
    digits = len(labels) - marks
    parts = [number_of(digits, "digit")] if digits or not marks else []
    return " and ".join(parts + ([number_of(marks, "mark")] if marks else []))


def number_of(count, noun):
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def spoken(text):
    """A text for screen readers, in one line: its marks as words."""
    lines = ["".join([f" {NAMES[each]} " if each in NAMES else each for each in line]) for line in text.split("\n")]
    return ", ".join([" ".join(line.split()) for line in lines])
