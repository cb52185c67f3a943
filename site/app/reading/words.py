"""What the page says of marks (cells.py) in words: what they are called, how sure they are, and one sentence on all of them."""

from app.dom import percent
from app.symbols import CALLED, CHARACTERS, MARKS, MODES, a, name

LIKELY = 0.5  # a mark that the mode does not read is named if it is more likely than this
SURE = 0.9  # a mark below this confidence is unsure
MANY = 16  # marks; of more the page counts the unsure ones: the chance that all are right says little of each


def called(mark):
    """As its text, in words where it is a mark between digits."""
    return mark.text if mark.label is None else name(mark.label)


def sureness(mark):
    if mark.is_mended:
        return "sure"
    if mark.label is None:
        return "refused"
    return "sure" if mark.confidence >= SURE else "unsure"


def likeliest(mark):
    """The label that it has or, where it is refused, would have at best."""
    return mark.candidates[0][0] if mark.label is None else mark.label


def noun(marks):
    """What all of them are called in sentences."""
    return "symbol" if any([likeliest(each) in MARKS for each in marks if each.read]) else "digit"


def unread(mark, marks):
    """The label of a mark that was refused because it is none of `marks`, those that are read; else None."""
    label, chance = mark.candidates[0][0], mark.candidates[0][1]
    is_likely = mark.label is None and chance >= LIKELY
    return label if is_likely and label in MARKS and CHARACTERS[label] not in marks else None


def where_read(label):
    """What the page calls the mode that reads a mark."""
    return next(CALLED[mode] for mode in ("numbers", "sums") if CHARACTERS[label] in MODES[mode])


def verdict(all_marks, marks):
    """One sentence on how far the reading can be trusted; `marks` are those that are read."""
    if not all_marks:
        return "No digit found."
    refused = [each for each in all_marks if sureness(each) == "refused"]
    if len(all_marks) > MANY:
        unsure = len([each for each in all_marks if sureness(each) != "sure"])
        if unsure:
            return f"{unsure} of {len(all_marks)} are not sure: they are underlined."
        return f"None of {len(all_marks)} looks doubtful."
    if refused:
        return why_refused(refused, len(all_marks), marks)
    if all([each.is_mended for each in all_marks]):
        return "As you say."
    confidence = 1
    for mark in all_marks:
        confidence *= mark.confidence
    word = "Sure" if confidence >= SURE else "Not quite sure"
    return f"{word}: {percent(confidence)}"


def why_refused(refused, count, marks):
    """What those that were refused of `count` marks look like."""
    others = [label for label in [unread(each, marks) for each in refused] if label is not None]
    if others:
        one = "This" if count == 1 else "(?)"
        return f"{one} may be {a(others[0])}: try “{where_read(others[0])}”."
    if len(refused) == count == 1:
        return "This does not look like a digit" + (" or mark." if marks else ".")
    if len(refused) == 1:
        return "One (?) does not look like a digit" + (" or mark." if marks else ".")
    return f"{len(refused)} (?) do not look like digits" + (" or marks." if marks else ".")


def note(answer):
    """What was done to a picture before it was read, and what was not read of it."""
    said = []
    if getattr(answer, "sheet", False):
        said.append("The sheet on it was cut out.")
    turn = round(getattr(answer, "turn", 0))
    if turn:
        said.append(f"It was turned by {abs(turn)}°" + (" to the left." if -180 < turn < 0 else "."))
    left_out = getattr(answer, "left_out", 0)
    if left_out:
        said.append("What seems to be no number was left out.")
    return " ".join(said)
