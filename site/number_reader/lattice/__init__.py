"""Pieces of a line to symbols: all that neighbouring pieces could be, and the cheapest path through it.

In: pieces (segmentation), and a judge that compares crops of ink with what is known. Out: segments, each a digit, a mark or
nothing. Imports labels, segmentation, ink, `extent` of classification.normalize and NONE of classification.certainty.
"""
