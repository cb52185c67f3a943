"""Small pictures of ink: a cell of a page, or what was drawn, as a WebP or JPEG that is kept beside its number."""

from binascii import a2b_base64

from pyscript import document, window
from pyscript.ffi import to_js

LIMIT = 1_200  # bytes
# ((width, height) in px at most, qualities): the first that is small enough is taken. Shown at 72 x 36.
TRIES = (((96, 48), (0.6, 0.3)), ((72, 36), (0.5, 0.3, 0.15)), ((56, 28), (0.3, 0.15)), ((40, 20), (0.15,)))
MARGIN = 0.12  # of the height of what is written
PAPER = "#fff"
KIND, OTHER_KIND = "image/webp", "image/jpeg"  # WebKit makes no WebP, but shows it
HALF = 0.5


class Camera:
    """Takes pictures of boxes, (top, left, bottom, right), of something a canvas can draw, `scale` of whose pixels are one of
    the boxes'."""

    def __init__(self, drawable, scale):
        self.drawable, self.scale = drawable, scale
        self.canvas = document.createElement("canvas")
        self.spare = [document.createElement("canvas"), document.createElement("canvas")]

    def take(self, box):
        """A Uint8Array; None where there is no box, or no picture small enough can be made."""
        if not box:
            return None
        top, left, bottom, right = [side * self.scale for side in box]
        margin = MARGIN * (bottom - top) + 2
        left, top = max(0, left - margin), max(0, top - margin)
        width = max(1, min(self.drawable.width, right + margin) - left)
        height = max(1, min(self.drawable.height, bottom + margin) - top)
        source = self.drawable, left, top, width, height
        for (widest, highest), qualities in TRIES:
            zoom = min(widest / width, highest / height)
            while zoom < HALF:  # no engine shrinks well by more: thin strokes would break
                width, height = max(1, int(width * HALF)), max(1, int(height * HALF))
                self.spare.append(self._drawn(self.spare.pop(0), source, width, height))
                source = self.spare[-1], 0, 0, width, height
                zoom = min(widest / width, highest / height)
            self._drawn(self.canvas, source, max(1, round(width * zoom)), max(1, round(height * zoom)))
            for quality in qualities:
                kind, text = self._encoded(quality)
                if kind in (KIND, OTHER_KIND) and len(text) * 3 / 4 <= LIMIT:
                    return bytes_in(text)
        return None

    def _encoded(self, quality):
        """(kind, base 64) of the canvas. toBlob would wait until the page has nothing else to do."""
        for kind in (KIND, OTHER_KIND):
            head, _, text = self.canvas.toDataURL(kind, quality).partition(",")
            if head == f"data:{kind};base64":
                return kind, text
        return None, ""

    def _drawn(self, canvas, source, width, height):
        canvas.width, canvas.height = width, height
        context = canvas.getContext("2d")
        context.fillStyle = PAPER
        context.fillRect(0, 0, width, height)
        context.drawImage(*source, 0, 0, width, height)
        return canvas


def bytes_in(text):
    """The Uint8Array that a text in base 64 stands for."""
    if hasattr(window.Uint8Array, "fromBase64"):  # from 2025 on
        return window.Uint8Array.fromBase64(text)
    return window.Uint8Array.new(to_js(list(a2b_base64(text.encode()))))
