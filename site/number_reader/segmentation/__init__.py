"""Ink to digits: components, lines, the pieces of a line, and the cheapest way through all that the pieces could be.

In: float ink, the strokes if a pen drew it, and a judge that compares crops of ink with what is known. Out: boxes and what
stands in them. Imports ink, labels, and `extent` of classification.normalize.
"""
