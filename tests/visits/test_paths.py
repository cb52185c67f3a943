"""The page's main paths in every browser: written, read, corrected, explained, opened, saved, kept over a reload."""

import sys

import numpy as np
import pytest
from PIL import Image

from number_reader.storage.taught import unpack
from tests.browser.hand import PAD, lay_out
from tests.browser.ink import coverage, pixels
from tests.browser.keeping.test_kept import STORED_FILES
from tests.browser.picture_files import encoded, handwriting

BAR = [[(400, 80), (400, 320)]]
# The five examples that voted, each with ink on paper: their pictures come from a file of their own.
VOTERS_ARE_DRAWN = """(() => {
  const contrast = (canvas) => {
    const bytes = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return Math.max(...bytes.filter((_, i) => i % 4 === 0)) - Math.min(...bytes.filter((_, i) => i % 4 === 0));
  };
  const canvases = [...document.querySelectorAll("#voters canvas")];
  return canvases.length === 5 && canvases.every((canvas) => contrast(canvas) > 200);
})()"""
COMMAND = "Meta" if sys.platform == "darwin" else "Control"


@pytest.fixture
def phone(page):
    """A window as small as a phone's, for one test."""
    page.set_window({"width": 500, "height": 600})
    page.wait_for("innerWidth === 500 && innerHeight === 600")
    yield
    page.set_window(None)
    page.evaluate("scrollTo(0, 0)")


# --- drawing ------------------------------------------------------------------------------------


def test_a_number_is_written_and_read(page):
    page.draw(lay_out("2049"))
    assert page.number() == "2049"


def test_a_finger_writes_and_the_page_stays_where_it_is(page, phone):
    page.evaluate("void addEventListener('pointerdown', event => window.drawnWith = event.pointerType, {once: true})")
    for stroke in lay_out("2049"):
        page.touch(page.on_screen(stroke))
    page.wait_for_text("#number", "2049")
    assert page.evaluate("[drawnWith, scrollY]") == ["touch", 0]


def test_digits_that_run_into_each_other_are_read(page):
    """The strokes are handed over, too."""
    page.draw(lay_out("253", spacing=0.55))
    assert page.number() == "253"


def test_the_ink_lies_where_the_pointer_was(page):
    page.draw([[(100, 50), (700, 50), (700, 350)]])
    ink = coverage(page)
    assert min(ink[50, 100], ink[50, 400], ink[50, 700], ink[200, 700], ink[350, 700]) > 0.9
    assert not ink[100:, :650].any()


@pytest.mark.engines("chromium", "firefox")  # WebKitGTK's driver knows one finger, and that as a mouse
def test_two_fingers_scroll_and_zoom_the_page_and_leave_no_ink(page, phone):
    page.draw(BAR)
    before = coverage(page)
    page.touch(*(page.on_screen([(x, 390 - 15 * i) for i in range(26)]) for x in (200, 600)))
    page.wait_for("scrollY > 50")
    page.touch(*(page.on_screen([(400 + away * i, 200) for i in range(26)]) for away in (-10, 10)))
    page.wait_for("visualViewport.scale > 1.5")
    page.touch(*(page.on_screen([(400 + away * i, 200) for i in range(26)][::-1]) for away in (-10, 10)))
    page.wait_for("visualViewport.scale < 1.01")
    assert np.array_equal(coverage(page), before)
    assert page.number() == "1"


def test_a_pen_draws_as_wide_as_it_is_pressed_and_erases_with_its_other_end(page):
    widths = []
    for pressure in (0.1, 0.5, 0.9):
        page.press("#clear")
        page.draw_with_pen([(400, 80 + 12 * i) for i in range(21)], pressure)
        page.wait_for_text("#number", "1")
        widths.append(coverage(page)[200].sum())
    assert widths[0] + 4 < widths[1] < widths[2] - 4
    page.draw_with_pen([(300, 300), (500, 300)], 0.5, erases=True)
    page.wait_for("pad.getContext('2d').getImageData(400, 300, 1, 1).data[3] === 0")
    assert coverage(page)[200, 400] == 1


def test_a_digit_is_written_with_the_keyboard(page):
    page.evaluate("pad.focus()")
    page.key("ArrowUp", "Shift")
    page.key(" ")
    page.key("ArrowDown", "Shift")
    page.key("ArrowDown", "Shift")
    page.key("Enter")
    assert page.number() == "1"


def test_undo_redo_and_clear(page):
    steps = [coverage(page)]
    for stroke in lay_out("14"):
        page.draw([stroke])
        steps.append(coverage(page))
    assert page.number() == "14"
    for step in steps[-2::-1]:
        page.press("#undo")
        assert np.array_equal(coverage(page), step)
    for step in steps[1:]:
        page.press("#redo")
        assert np.array_equal(coverage(page), step)
    assert page.number() == "14"
    page.key("z", COMMAND)
    assert np.array_equal(coverage(page), steps[-2])
    page.press("#clear")
    assert not coverage(page).any()
    assert page.text("#number") == ""


def test_the_eraser_wipes(page):
    page.draw(BAR)
    page.press("#eraser")
    page.draw([[(300, 200), (500, 200)]])
    page.press("#eraser")
    ink = coverage(page)
    assert ink[200, 400] == 0
    assert ink[100, 400] > 0.9


# --- pictures and files -------------------------------------------------------------------------


def turned(text):
    """A photograph that its EXIF says is to be turned upright."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return encoded(Image.fromarray(handwriting(text)).transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif)


PICTURES = {
    "plain.png": lambda text: encoded(handwriting(text)),
    "turned.jpg": turned,
    "photo.webp": lambda text: encoded(Image.fromarray(handwriting(text)).convert("RGB"), "WEBP"),
    "large.jpg": lambda text: encoded(Image.fromarray(handwriting(text)).resize((5600, 2800)), "JPEG"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_read(page, tmp_path, name):
    (tmp_path / name).write_bytes(PICTURES[name]("528"))
    page.choose_file("#image", tmp_path / name)
    page.wait_for_text("#source", name)
    assert page.number() == "528"
    assert page.text("#status") == "Ready"
    assert page.evaluate("raw.width / raw.height") == 2
    assert pixels(page, "#raw")[..., :3].min() < 50  # and is seen


def test_a_picture_is_dropped_and_another_pasted(page):
    page.draw(BAR)
    assert page.number() == "1"
    dropped = ("dropped.png", "image/png", encoded(handwriting("528")))
    assert page.hand_over("dragenter", dropped)
    assert page.hand_over("dragover", dropped)
    assert page.is_seen("#drop")
    assert page.hand_over("drop", dropped)
    assert not page.is_seen("#drop")
    page.wait_for_text("#source", "dropped.png")
    assert page.number() == "528"
    assert page.hand_over("paste", ("image.png", "image/png", encoded(handwriting("47"))))
    page.wait_for_text("#source", "Pasted picture")
    assert page.number() == "47"
    assert page.hand_over("drop", words="47")
    assert "is not a file" in page.text("#status")
    assert page.number() == "47"


def test_what_is_pasted_without_a_picture_is_said_and_nothing_is_lost(page):
    page.draw(BAR)
    assert page.number() == "1"
    page.press("#copy")
    page.wait_for_text("#status", "Copied 1.")
    page.evaluate("pad.focus()")
    page.key("v", COMMAND)
    page.wait_for("document.getElementById('status').textContent.includes('no picture on the clipboard')")
    assert page.number() == "1"


def test_what_is_no_picture_is_said_and_the_drawing_stays(page, tmp_path):
    page.draw(BAR)
    assert page.number() == "1"
    (tmp_path / "notes.txt").write_text("This is not a picture.")
    page.choose_file("#image", tmp_path / "notes.txt")
    page.wait_for("document.getElementById('status').textContent.includes('notes.txt')")
    assert page.number() == "1"


def test_the_number_is_copied(page):
    page.draw(BAR)
    assert page.number() == "1"
    page.press("#copy")
    page.wait_for_text("#status", "Copied 1.")
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'elsewhere'}))")
    page.evaluate("elsewhere.focus()")
    page.key("v", COMMAND)
    assert page.evaluate("elsewhere.value") == "1"
    page.evaluate("elsewhere.remove()")


def test_the_drawing_is_saved_as_dark_ink_on_white(page):
    page.draw(lay_out("36"))
    page.press("#save")
    saved = np.asarray(Image.open(page.saved_file()))
    assert saved.shape == (PAD["height"], PAD["width"], 4)
    assert np.abs(saved[..., :3] / 255 - (1 - coverage(page)[..., None])).max() <= 1 / 255


# --- why, and what is taught --------------------------------------------------------------------


def test_the_panel_shows_the_nearest_examples_and_their_votes(page):
    page.draw(lay_out("47"))
    assert page.number() == "47"
    page.press("#number > span:nth-child(2)")
    page.press("#candidates button")
    assert page.text("#why-title") == "Why digit 2 is read as 7"
    page.wait_for(VOTERS_ARE_DRAWN)
    assert page.text("#why-note") == ""
    assert page.is_seen("#why")
    for canvas in ("#why-glyph canvas", *(f"#voters li:nth-child({i}) canvas" for i in range(1, 6))):
        glyph = pixels(page, canvas)
        assert glyph.shape == (28, 28, 4)
        assert np.ptp(glyph[..., 0]) > 200  # ink on paper
    assert page.text("#votes b") == "7"
    page.press("#why-close")
    assert not page.is_seen("#why")


def test_a_taught_digit_counts_at_once_and_after_a_reload_until_it_is_forgotten(page):
    page.draw(lay_out("7"))
    assert page.number() == "7"
    page.key("1")
    page.wait_for_text("#number", "1")
    page.wait_for_text("#taught-count", "1 digit")
    page.reload()
    page.wait_for_text("#taught-count", "1 digit")
    assert page.number() == "1"  # the drawing is there again, too
    page.press("#taught summary")
    page.press("#forget")
    page.press("#forget-yes")
    page.wait_for_text("#taught-count", "nothing")
    page.wait_for_text("#number", "7")


def test_what_was_taught_goes_to_a_file_is_forgotten_and_comes_back(page):
    page.draw(lay_out("7"))
    assert page.number() == "7"
    page.key("1")
    page.wait_for_text("#taught-count", "1 digit")
    page.evaluate("taught.open = true")
    page.press("#export")
    file = page.saved_file("number-reader-taught.npz")
    glyphs, labels = unpack(file)
    assert labels.tolist() == [1]
    assert glyphs.shape == (1, 28, 28)
    page.press("#forget")
    page.press("#forget-yes")
    page.wait_for_text("#number", "7")
    page.choose_file("#import", file)
    page.wait_for_text("#number", "1")
    page.press("#forget")
    page.press("#forget-yes")
    page.wait_for_text("#taught-count", "nothing")
    page.evaluate("taught.open = false")


def test_a_press_teaches_and_undo_takes_it_back(page):
    page.draw(lay_out("7"))
    assert page.number() == "7"
    page.press("#labels button:nth-child(2)")
    page.wait_for_text("#number", "1")
    page.press("#status button")
    page.wait_for_text("#number", "7")
    page.wait_for_text("#taught-count", "nothing")


def test_drawing_picture_and_brush_after_a_reload(page, tmp_path):
    """Some browsers fill in forms again that they have seen before: what the slider says must be what draws."""
    page.draw(lay_out("3"))
    page.evaluate("brush.focus()")
    page.key("ArrowUp")
    drawn = coverage(page)
    (tmp_path / "mine.png").write_bytes(encoded(handwriting("58")))
    page.choose_file("#image", tmp_path / "mine.png")
    page.wait_for_text("#number", "58")
    page.wait_for(f"({STORED_FILES})().then(keys => keys.length === 1)")
    page.reload()
    page.wait_for_text("#source", "mine.png")
    page.wait_for_text("#number", "58")
    assert np.array_equal(coverage(page), drawn)
    page.to_pad()
    page.press("#clear")
    page.draw([[(100, 200), (700, 200)]])
    assert coverage(page)[:, 400].sum() == pytest.approx(page.evaluate("+brush.value"), abs=1)
