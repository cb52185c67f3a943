"""What a person teaches: which glyph is which digit, stored in this browser, told to the worker, exported, imported.

In: glyphs and labels. Out: the same for the worker, and files.
"""
