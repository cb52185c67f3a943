"""The tools beside the pad: undo, redo, clear, eraser and brush."""

from app.dom import by_id, enable, on


class Tools:
    def __init__(self, pad, pad_format, desk):
        self.pad = pad
        self.desk = desk
        self.brush = by_id("brush")
        self.brush.min = pad_format["brush_min"]
        self.brush.max = pad_format["brush_max"]
        self.brush.value = pad_format["brush"]
        on("undo", "click", lambda event: pad.undo())
        on("redo", "click", lambda event: pad.redo())
        on("clear", "click", lambda event: self.clear())
        on("eraser", "click", lambda event: self.choose_eraser(not pad.erasing))
        on("brush", "input", lambda event: self.choose_brush())
        self.choose_brush()
        self.choose_eraser(False)
        desk.on_file.append(lambda file: self.show())
        self.show()

    def show(self):
        """Greys what would do nothing."""
        for name, possible in (
            ("undo", self.pad.actions),
            ("redo", self.pad.undone),
            ("clear", self.pad.strokes or self.desk.file),
            ("save", self.pad.strokes),
        ):
            enable(name, possible)

    def clear(self):
        """Nothing lies there any more, neither ink nor a picture."""
        self.pad.clear()
        if self.desk.file:
            self.desk.close()

    def choose_brush(self):
        self.pad.brush = float(self.brush.value)
        by_id("brush-dot").style.setProperty("--brush", str(self.pad.brush / self.pad.canvas.width))

    def widen(self, step):
        """Makes the brush wider by so many pixels, within what the slider allows."""
        self.brush.value = self.pad.brush + step
        self.choose_brush()

    def choose_eraser(self, chosen):
        self.pad.erasing = chosen
        by_id("eraser").setAttribute("aria-pressed", "true" if chosen else "false")
        by_id("sheet").toggleAttribute("data-erasing", chosen)
