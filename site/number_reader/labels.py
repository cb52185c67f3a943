"""The labels of training vectors: the ten digits, and three for what is none of them."""

DIGITS = range(10)
NOT_A_DIGIT = 10  # letters, symbols, scribbles
SEVERAL, PART = 11, 12  # digits that touch, and parts of a digit
LABELS = 13  # how many there are
