"""What stays: the drawing and the picture over a reload, the page itself for offline use.

In: what lies on the desk. Out: the same after a reload.
"""
