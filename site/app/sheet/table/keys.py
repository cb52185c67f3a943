"""Keys and pointers on the sheet: which cells are meant, and what is to be done with them."""

from pyscript import document

from app.dom import on
from app.drawing.shortcuts import letter

ARROWS = {"ArrowLeft": (0, -1), "ArrowRight": (0, 1), "ArrowUp": (-1, 0), "ArrowDown": (1, 0)}
FAR = 1_000_000  # rows or columns: to the end


class Keys:
    """`book` does what is asked for (book.py)."""

    def __init__(self, book):
        self.book = book
        self.extends = False  # taps extend what is selected, as with Shift
        self.before = None  # the cell that had the focus when the pointer came down
        self.dragged = False
        box = book.grid.box
        on(box, "keydown", self._key)
        on(box, "pointerdown", self._down)
        on(box, "pointerover", self._over)
        on(box, "click", self._click)
        on("table", "keydown", self._key_of_tools)

    # --- pointers --------------------------------------------------------------------------

    def _down(self, event):
        self.dragged = False
        place = self.book.grid.place_of(event.target)
        active = document.activeElement
        self.before = place if place and self.book.grid.place_of(active) == place else None
        if place and min(place) >= 0 and event.pointerType == "mouse" and not (event.shiftKey or self.extends):
            self.book.go(*place, focus=False)

    def _over(self, event):
        if event.pointerType == "mouse" and event.buttons == 1 and not self.book.editor:
            place = self.book.grid.place_of(event.target)
            if place and min(place) >= 0 and place != self.before:
                self.dragged = True
                self.book.go(*place, extend=True)

    def _click(self, event):
        place = self.book.grid.place_of(event.target)
        if not place or self.book.is_edited(event.target):
            return
        extend = event.shiftKey or self.extends
        row, column = place
        if self.dragged:
            self.dragged = False
        elif row < 0 or column < 0:
            self.book.go_whole(row, column, extend)
        else:
            self.book.go(row, column, extend)
            if self.before == place and not extend:
                self.book.edit()

    # --- keys --------------------------------------------------------------------------------

    def _key(self, event):
        if self.book.is_edited(event.target):
            self._key_of_editor(event)
            return
        held = event.ctrlKey or event.metaKey
        if event.altKey and not held:
            done = self._moved(event.key)
        elif held and not event.altKey:
            done = self._with_control(event)
        elif not held:
            done = self._alone(event)
        else:
            done = False
        if done:
            event.preventDefault()
            event.stopPropagation()  # undo is the sheet's here, and not the pad's

    def _key_of_tools(self, event):
        """Undo belongs to the sheet on its buttons, too: it is what they did that a person means to take back."""
        held = (event.ctrlKey or event.metaKey) and not event.altKey
        if (
            held
            and not self.book.is_edited(event.target)
            and letter(event) in "zy"
            and self._with_control_and_letter(event)
        ):
            event.preventDefault()
            event.stopPropagation()

    def _alone(self, event):
        book, key, extend = self.book, event.key, event.shiftKey
        selection = book.selection
        row, column = selection.row, selection.column
        if key in ARROWS:
            down, right = ARROWS[key]
            book.go(row + down, column + right, extend)
        elif key == "Home":
            book.go(row, 0, extend)
        elif key == "End":
            book.go(row, FAR, extend)
        elif key in ("PageUp", "PageDown"):
            page = book.grid.page()
            book.go(row + (page if key == "PageDown" else -page), column, extend)
        elif key == " " and extend:
            book.go_whole(row, -1)
        elif key in ("Enter", "F2"):
            book.edit()
        elif key in ("Delete", "Backspace"):
            book.empty()
        elif len(key) == 1 and key != " ":
            book.edit(key)
        else:
            return False
        return True

    def _with_control(self, event):
        book, key = self.book, event.key
        row, column = book.selection.row, book.selection.column
        if key == "Home":
            book.go(0, 0, event.shiftKey)
        elif key == "End":
            book.go(len(book.rows) - 1, FAR, event.shiftKey)
        elif key in ("ArrowUp", "ArrowDown"):
            book.go(0 if key == "ArrowUp" else len(book.rows) - 1, column, event.shiftKey)
        elif key in ("ArrowLeft", "ArrowRight"):
            book.go(row, 0 if key == "ArrowLeft" else FAR, event.shiftKey)
        elif key == " ":
            book.go_whole(-1, column)
        elif key in ("Delete", "Backspace"):
            book.remove()
        else:
            return self._with_control_and_letter(event)
        return True

    def _with_control_and_letter(self, event):
        book, key = self.book, letter(event)
        if key == "z":
            (book.redo if event.shiftKey else book.undo)()
        elif key == "y":
            book.redo()
        elif key == "a":
            book.go_whole(-1, -1)
        elif key == "c":
            book.copy()
        elif key == "x":
            book.cut()
        else:
            return False
        return True

    def _moved(self, key):
        if key not in ("ArrowUp", "ArrowDown"):
            return False
        self.book.move(-1 if key == "ArrowUp" else 1)
        return True

    def _key_of_editor(self, event):
        book, key = self.book, event.key
        event.stopPropagation()  # the keys are the field's own
        if event.isComposing:
            return
        if key == "Escape":
            book.drop()
        elif key == "Enter":
            book.commit(1, 0)
        elif key == "Tab":
            book.commit(0, -1 if event.shiftKey else 1)
        else:
            return
        event.preventDefault()
