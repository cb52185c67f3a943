"""The page as one file.

In: the page, {path: bytes}. Out: one file of HTML that a browser opens from anywhere, without a server or a network.
"""
