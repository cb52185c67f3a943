"""Data sets as they come: pictures, photographs, strokes, splits, and what is measured of any of them.

In: a path. Out: a DataSet of glyph pictures, labels and splits, or DataError with a sentence.
"""
