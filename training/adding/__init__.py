"""A person's own digits and marks added to a model that is there.

In: a model and DataSets. Out: the model with their vectors, and how much these count.
"""
