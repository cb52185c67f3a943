"""Polynomials fitted to points, without numpy.polynomial: 70 kB for the page to fetch. To the last bit as it has them."""

import numpy as np


def fitted(x, y, degree):
    """The coefficients, float64 (degree + 1,), lowest first, of least squares through points x, y (n,): polyfit's."""
    x, y = np.asarray(x) + 0.0, np.asarray(y) + 0.0
    powers = [x * 0 + 1]
    for _ in range(degree):
        powers.append(powers[-1] * x)
    powers = np.array(powers)
    scale = np.sqrt(np.square(powers).sum(1))
    scale[scale == 0] = 1
    coefficients, *_ = np.linalg.lstsq(powers.T / scale, y, len(x) * np.finfo(x.dtype).eps)
    return coefficients / scale


def value_at(x, coefficients):
    """The polynomial's values at an array x, likewise: polyval's."""
    value = coefficients[-1] + x * 0
    for coefficient in coefficients[-2::-1]:
        value = coefficient + value * x
    return value
