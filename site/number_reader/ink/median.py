"""The median and percentiles, without what numpy's own bring along.

numpy's ask whether their argument is a masked array, and so import numpy.ma: 90 kB for the page to fetch and tens of
milliseconds in the first picture that is read, for nothing. These take what holds no NaN, and give the same to the last bit.
"""

import numpy as np


def median(values, axis=None):
    """The median of an array, or along one of its axes: numpy.median."""
    values = np.asarray(values)
    if axis is None:
        values, axis = values.ravel(), -1
    count = values.shape[axis]
    middle = sorted({(count - 1) // 2, count // 2})
    parted = np.partition(values, middle, axis=axis)
    return np.take(parted, middle, axis=axis).mean(axis=axis)


def percentile(values, percent):
    """numpy.percentile of all values of an array that is not empty. percent: a number of Python, 0..100."""
    values = np.ravel(values)
    place = (values.size - 1) * (percent / 100)
    below = int(place)
    above = min(below + 1, values.size - 1)
    parted = np.partition(values, sorted({below, above}))
    low, high, share = parted[below], parted[above], place - below
    step = high - low
    return high - step * (1 - share) if share >= 0.5 else low + step * share
