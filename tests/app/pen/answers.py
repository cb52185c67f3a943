"""Run by CPython and by MicroPython, whose answers are compared."""

try:
    from pen.features import features
    from pen.reader import PenReader
except ImportError:
    from number_reader.pen.features import features
    from number_reader.pen.reader import PenReader


def answers(cases):
    """cases: [strokes of lone digits, strokes of lines, the file of examples as hexadecimal digits]."""
    digits, lines, data = cases
    reader = PenReader(bytes([int(data[k : k + 2], 16) for k in range(0, len(data), 2)]))
    for _ in reader.unpack():
        pass
    guesses = []
    for strokes in lines:
        for _ in reader.read(strokes):
            pass
        guesses.append(reader.guess)
    return [[features(strokes) for strokes in digits], guesses]
