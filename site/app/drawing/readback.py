"""Whether the pixels of a canvas can be read back. Protection against fingerprinting may answer with blank or random ones; some
flips the lowest bits, which is no harm."""

from pyscript import document, window

SIDE = 8  # px
NEAR = 16  # of 255: what a few flipped bits change
EXACT, NOISY, HIDDEN = "exact", "noisy", "hidden"


def kind():
    """Draws a black square beside nothing, and looks how much of that comes back."""
    canvas = document.createElement("canvas")
    canvas.width, canvas.height = 2 * SIDE, SIDE
    context = canvas.getContext("2d", {"willReadFrequently": True})
    context.fillRect(0, 0, SIDE, SIDE)
    bytes_ = bytes(window.Uint8Array.new(context.getImageData(0, 0, 2 * SIDE, SIDE).data.buffer))
    worst = 0
    for row in range(SIDE):
        for column in range(2 * SIDE):
            place = 4 * (row * 2 * SIDE + column)
            red, green, blue, alpha = bytes_[place : place + 4]
            if column < SIDE:
                worst = max(worst, red, green, blue, 255 - alpha)
            else:
                worst = max(worst, alpha)
    return EXACT if not worst else NOISY if worst <= NEAR else HIDDEN
