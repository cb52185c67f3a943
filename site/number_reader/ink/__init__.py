"""Pixels to ink: a picture of any kind becomes float ink, 0..1, dark on light or light on dark, shaded, noisy or ruled.

In: uint8 (H, W), (H, W, 3) or (H, W, 4). Out: float (h, w) and the factor between both sizes. Imports numpy alone.
"""
