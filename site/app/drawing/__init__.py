"""The pad: pointer events, keys and the eraser become strokes, with the pen's pressure, and ink on the canvas.

In: events. Out: strokes, and the canvas's pixels for the worker.
"""
