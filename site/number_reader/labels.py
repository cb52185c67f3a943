"""The labels of training vectors: the ten digits, three for what is none of them, and the marks that stand beside digits."""

DIGITS = range(10)
NOT_A_DIGIT = 10  # letters, symbols, scribbles; beside marks: anything that is neither
SEVERAL, PART = 11, 12  # digits that touch, and parts of a digit
MARKS = range(13, 25)
LABELS = 25  # how many there are

CHARACTERS = "0123456789???.,-+/:%()$=×"  # what each label is written as
REFUSED = "?"
# Which marks `read` knows in each of its modes; one that is not among them reads as "?".
MODES = {"digits": "", "numbers": ".,-+/:%()$", "sums": ".,-+/:%()$=×"}
