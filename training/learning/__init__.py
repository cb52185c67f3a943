"""From data sets to a model: glyphs, features, metric, rounding, limits; and the lattice's weights.

In: DataSets. Out: digits.npz, exemplars.npz and the limit of validation.
"""
