"""How well a model reads: observations, bars, speed, leakage, teaching, other classifiers.

In: a model and DataSets. Out: figures.
"""
