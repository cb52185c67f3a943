"""Folders and zips of pictures as people have them.

In: the names of all files. Out: which of them are to be learned from and notes on the rest, or DataError with a sentence
that says what was found and what is wanted.
"""
