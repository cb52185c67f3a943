"""What is read: the worker is started and asked, its answer shown, explained (Why?) and corrected.

In: the pad's pixels and strokes, or a picture file. Out: the number, its alternatives, boxes, reasons.
"""
