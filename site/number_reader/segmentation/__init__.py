"""Ink to pieces: components, the lines that they stand in, and what strokes or seams make of them.

In: float ink, and the strokes if a pen drew it. Out: pieces with their boxes and their ink; what they are is for the lattice
to say. Imports ink.
"""
