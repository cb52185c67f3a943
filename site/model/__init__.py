"""The package `number_reader.model` of an installed number_reader: no code, only the model's files.

Without this file an editable install would not find it. It is no part of the page.
"""
