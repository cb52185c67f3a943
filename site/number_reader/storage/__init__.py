"""Files: the model, the pictures of its examples, taught examples; each an NPZ that is checked before it is used.

In: paths or binary files. Out: arrays, or ModelError or TaughtError with a sentence. Imports classification and labels.
"""
