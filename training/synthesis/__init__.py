"""Made examples: warped glyphs, photographed paper, scribbles, whole numbers and what stands between their digits.

In: strokes or glyphs. Out: pictures with labels.
"""
