"""The median, without what numpy's own brings along."""

import numpy as np


def median(values, axis=None):
    """The median of an array, or along one of its axes: numpy.median for values that hold no NaN.

    numpy's own asks whether its argument is a masked array, and so imports numpy.ma: 90 kB for the page to fetch and tens
    of milliseconds in the first picture that is read, for nothing.
    """
    values = np.asarray(values)
    if axis is None:
        values, axis = values.ravel(), -1
    count = values.shape[axis]
    middle = sorted({(count - 1) // 2, count // 2})
    parted = np.partition(values, middle, axis=axis)
    return np.take(parted, middle, axis=axis).mean(axis=axis)
