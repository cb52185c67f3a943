"""What is done with numbers once they are read: a kept table, sums of its columns, sums checked, copies for spreadsheets.

In: texts of cells and lines. Out: exact values, sentences, and texts that a spreadsheet takes. Fetched when first used.
"""
