"""What was found of late. A number is read after each stroke of it, and most of its segments are then as they were."""

MOST = 400  # results; a number of eight digits has 30 to 60 segments
LARGEST = 8_000  # bytes; strokes drawn anew take up to 6,800


def key_of(kind, arrays, *values):
    """What a result is kept under: its kind, and all that it depends on. None, for which nothing is kept, if that is much."""
    if sum(array.nbytes for array in arrays) > LARGEST:
        return None
    return kind, *values, *((array.shape, array.tobytes()) for array in arrays)


class Recent:
    """Results by their keys. The oldest are dropped."""

    def __init__(self):
        self._results = {}

    def find(self, key):
        """The result kept under a key, now the newest; None if there is none."""
        result = self._results.pop(key, None)
        if result is not None:
            self._results[key] = result
        return result

    def keep(self, key, result):
        if key is None:
            return
        self._results[key] = result
        if len(self._results) > MOST:
            del self._results[next(iter(self._results))]

    def clear(self):
        self._results.clear()
