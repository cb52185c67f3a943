"""The mark that a person looks at: which it is, its candidates, why it was read so; said to be another, typed, taught.

In: the desk's reading, taps and keys. Out: what is mended of the reading, and what is taught.
"""
