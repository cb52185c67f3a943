"""Whether the pixels of a canvas can be read back. Protection against fingerprinting may answer with blank or random ones; some
flips the lowest bits, which is no harm."""

from pyscript import document, window

SIDE = 8  # px
NEAR = 16  # of 255: what a few flipped bits change


def is_true():
    """Draws a black square beside nothing, and looks whether that is what comes back."""
    canvas = document.createElement("canvas")
    canvas.width, canvas.height = 2 * SIDE, SIDE
    context = canvas.getContext("2d", {"willReadFrequently": True})
    context.fillRect(0, 0, SIDE, SIDE)
    bytes_ = bytes(window.Uint8Array.new(context.getImageData(0, 0, 2 * SIDE, SIDE).data.buffer))
    for row in range(SIDE):
        for column in range(2 * SIDE):
            place = 4 * (row * 2 * SIDE + column)
            ink = 255 if column < SIDE else 0
            if abs(bytes_[place + 3] - ink) > NEAR or (ink and max(bytes_[place : place + 3]) > NEAR):
                return False
    return True
