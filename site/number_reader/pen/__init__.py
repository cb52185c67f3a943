"""Strokes of the pen, in plain Python: what a digit is by where the pen passed, with no pixel and no numpy, so that the
page's MicroPython runs the same lines as CPython does."""
