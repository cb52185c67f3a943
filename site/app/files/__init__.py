"""Files and the clipboard.

In: a picture file, whose first bytes say whether it can be read; out: files that are saved or shared, texts that are copied.
"""
