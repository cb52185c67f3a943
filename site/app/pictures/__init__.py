"""Pictures come in: opened, dropped, pasted, photographed, or one of the samples.

In: events with files. Out: one file for the desk, or a sentence.
"""
