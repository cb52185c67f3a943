"""Names of what the lattice measures where marks are symbols, beside what `measures` has for digits, and kinds of symbols.

The weights of all of them are learned as those of digits are (training/learning/reading.py).
"""

from number_reader.labels import CHARACTERS, MARKS
from number_reader.lattice.measures import MEASURES

# Of a mark, beside what breaks say of it; see `measures`.
MARK = (
    "mark",  # 1 for a mark
    "shape",  # doubt above the limit, as of digits, from -2 to 2
    "strange",  # the same where it is positive
    "behind",  # log of how much farther it is than the nearest other label, digit or mark, where it is, up to 4
    "before",  # and of how much nearer, up to 2
    "mark several",  # how much nearer to several digits
    "mark part",  # and to parts of digits
    "mark joined",
    "mark gap",
    "mark shared",
    "mark inside",
    "mark late",
    "mark over",  # share of its width that lies over or under pieces of other segments
)
# Of what is neither: a letter, an apostrophe.
NEITHER = (
    "neither",  # 1 for it
    "neither doubt",  # the least doubt of any digit or mark above the limit, from -2 to 2
    "neither strange",  # the same where it is positive
    "neither little",  # log of how many times smaller than digits it is, if it is
    "neither off",  # how far its middle is from theirs, in heights
    "neither alone",  # 1 where there are no digits near it
)
# What the network says against it: -log of a chance, from 0 to 8.
NET = (
    "net label",  # that it is this digit,
    "net digit",  # that it is a digit, for digits
    "net mark",  # that it is this mark
    "net neither",
    "net wrong",  # of dust: that it is part of something
)
# Of each mark, of the digit that is a stroke like many of them, of other digits and of dust: where it stands, how large it is
# and how far it leans, against the digits near it.
OF_A_KIND = (
    "kind",
    "high",
    "high squared",
    "wide",
    "wide squared",
    "middle",
    "middle squared",
    "lean",
    "lean squared",
    "alone",
    # Of a mark, how much its shape says depends on its kind, too:
    "shape",
    "lead",  # log of how much nearer it is than the nearest other label, from -4 to 2
    "net",  # what the network says against it
)
DIGIT, NOTHING = 0, None
PLACED: dict = {1: "1", DIGIT: "digit", NOTHING: "dust", **{label: CHARACTERS[label] for label in MARKS}}
ALL = MEASURES + MARK + NEITHER + NET + tuple(f"{kind} {name}" for kind in PLACED.values() for name in OF_A_KIND)
COLUMN = {name: k for k, name in enumerate(ALL)}
# What may follow what: kinds of symbols, the last being what is neither.
KINDS = ("0123456789", ".,", "-", "+×", "/:", "%", "(", ")", "$", "=", "?")
KIND = {label: next(k for k, of in enumerate(KINDS) if c in of) for label, c in enumerate(CHARACTERS)}


def of_kind(label, place, against, **others):
    """Measures of a kind, {name: value}. place: a `place.Place`, None where there are no digits beside it. against: what the
    network says against it. others: the rest of OF_A_KIND, by name."""
    kind = PLACED[label]
    values = {f"{kind} {name}": value for name, value in others.items()} | {f"{kind} net": against}
    if place is None:
        return values | {f"{kind} alone": 1}
    values[f"{kind} kind"] = 1
    for name, value in place._asdict().items():
        values[f"{kind} {name}"], values[f"{kind} {name} squared"] = value, value * value
    return values
