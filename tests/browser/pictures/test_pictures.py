"""Pictures brought to the page on a laptop and on a phone: chosen, dropped, pasted, tried; and how they are shown."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.hand import lay_out, number, wait_until_ready
from tests.browser.ink import coverage
from tests.browser.picture_files import (
    AS_PHONE,
    Drag,
    encoded,
    handwriting,
    open_picture,
    png_of_grey,
    press,
    put_on_clipboard,
    reading_of,
    status,
)
from tools.samples import SAMPLES

SIDEWAYS = {"width": PHONE["height"], "height": PHONE["width"]}
SCREENS = {"laptop": {"viewport": LAPTOP}, "phone": {"viewport": PHONE, **AS_PHONE}}

# [text, height of its letters in px of the screen, the boxes of its label and of its place] of each number over the picture.
LABELS = """() => [...document.querySelectorAll("#spots button")].map(spot => {
  const label = spot.querySelector("span"), box = ({x, y, width, height}) => [x, y, width, height];
  const rects = [label.getBoundingClientRect(), spot.getBoundingClientRect()].map(box);
  return [label.textContent, parseFloat(getComputedStyle(label).fontSize), ...rects];
})"""


@pytest.fixture(scope="module", params=SCREENS)
def visit(visits, request):
    visit = visits(**SCREENS[request.param], permissions=["clipboard-read", "clipboard-write"])
    wait_until_ready(visit.page)
    return visit


@pytest.fixture
def files(tmp_path):
    """Files on the disk of whoever visits the page."""
    contents = {
        "12.png": encoded(handwriting("12")),
        "98.jpg": encoded(handwriting("98"), "JPEG"),
        "notes.txt": b"Buy milk.",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "holiday").mkdir()
    return {path.name: path for path in tmp_path.iterdir()}


# --- dropped ------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["#pad", "h1", "#ways"])
def test_a_picture_is_dropped_anywhere(page, files, place):
    page.locator(place).scroll_into_view_if_needed()
    box = page.locator(place).bounding_box()
    spot = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    drag = Drag(page, files["12.png"])
    assert not page.is_visible("#drop")
    drag.over(*spot)
    page.wait_for_selector("#drop:visible")
    assert page.text_content("#drop") == "Drop pictures to read them"
    drag.drop(*spot)
    assert reading_of(page, "12.png") == "12"
    assert not page.is_visible("#drop")


def test_a_drag_that_goes_away_leaves_everything_as_it_was(page, hand, files):
    hand.write("5")
    assert number(page) == "5"
    drag = Drag(page, files["12.png"])
    drag.over(100, 200)
    page.wait_for_selector("#drop:visible")
    drag.leave()
    page.wait_for_selector("#drop", state="hidden")
    assert number(page) == "5"
    hand.press("#clear")  # nothing lies over the page any more
    assert number(page) == ""


def test_of_several_files_the_only_picture_is_read_and_that_is_said(page, files):
    Drag(page, files["notes.txt"], files["98.jpg"]).drop(100, 200)
    assert reading_of(page, "98.jpg") == "98"
    assert page.text_content("#status") == "Of 2 files only 98.jpg is a picture."


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("notes.txt", "notes.txt is a text file, not a picture"),
        ("holiday", "holiday could not be read. If it is a folder"),
    ],
)
def test_a_dropped_file_that_is_no_picture_is_said_and_the_drawing_stays(page, hand, files, name, message):
    hand.write("5")
    assert number(page) == "5"
    Drag(page, files[name]).drop(100, 200)
    status(page, message)
    assert number(page) == "5"
    assert page.text_content("#source") == "Your drawing"


def test_dropped_words_are_no_picture_and_nothing_is_lost(page, hand):
    hand.write("5")
    assert number(page) == "5"
    drawn = coverage(page)
    words = {"mimeType": "text/uri-list", "data": "https://example.org/picture.png"}
    drag = Drag(page, items=[words])
    drag.over(100, 200)
    page.wait_for_timeout(100)
    assert not page.is_visible("#drop")  # nothing is promised that cannot be kept
    drag.drop(100, 200)
    status(page, "What was dropped is not a file.")
    assert number(page) == "5"
    assert np.array_equal(coverage(page), drawn)


# --- pasted -------------------------------------------------------------------------------


def test_a_copied_picture_is_pasted(page):
    put_on_clipboard(page, encoded(handwriting("63")), "image/png")
    page.keyboard.press("Control+V")
    assert reading_of(page, "Pasted picture") == "63"


def test_a_picture_is_pasted_after_another_was_chosen(page):
    """The file input, which has the focus then, is not written in."""
    open_picture(page, encoded(handwriting("4")), "4.png")
    assert reading_of(page, "4.png") == "4"
    page.locator("#image").focus()
    put_on_clipboard(page, encoded(handwriting("81")), "image/png")
    page.keyboard.press("Control+V")
    assert reading_of(page, "Pasted picture") == "81"


def test_what_is_pasted_without_a_picture_is_said_and_nothing_is_lost(page, hand):
    hand.write("5")
    assert number(page) == "5"
    drawn = coverage(page)
    put_on_clipboard(page, b"12345", "text/plain")
    page.keyboard.press("Control+V")
    status(page, "There is no picture on the clipboard.")
    assert number(page) == "5"
    assert np.array_equal(coverage(page), drawn)


# --- samples ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_read_at_one_tap(page, name):
    button = f"#samples button:has(img[src$='{name}'])"
    press(page, button)
    assert reading_of(page, "Sample: " + page.text_content(f"{button} span").lower()) == SAMPLES[name][0]
    assert page.locator(f"{button} img").evaluate("image => image.complete && image.naturalWidth > 0")


def test_a_sample_tried_from_far_below_brings_the_number_into_view(page):
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert page.evaluate("scrollY") > 0
    press(page, "#samples button >> nth=0")
    reading_of(page, "Sample: pencil on squared paper")
    for _ in range(100):
        box = page.locator("#number").bounding_box()
        if 0 <= box["y"] and box["y"] + box["height"] <= page.viewport_size["height"]:
            break
        page.wait_for_timeout(20)
    else:
        raise AssertionError(f"the number is at {box}")


def test_a_sample_that_cannot_be_had_is_said_and_the_drawing_stays(page, hand, visit):
    hand.write("5")
    assert number(page) == "5"
    page.context.set_offline(True)
    try:
        press(page, "#samples button >> nth=0")
        status(page, "This sample could not be fetched.")
    finally:
        page.context.set_offline(False)
    assert number(page) == "5"
    assert all("pencil.jpg" in each or "ERR_INTERNET_DISCONNECTED" in each for each in visit.complaints)
    visit.complaints.clear()


# --- shown --------------------------------------------------------------------------------


def two_lines():
    """Two lines of digits and a mark that is none."""
    page = np.full((800, 800), 255, np.uint8)
    page[:400] = handwriting("907")[:, :800]
    page[400:] = handwriting("31")[:, :800]
    y, x = np.mgrid[:130, :130]
    page[540:670, 640:770][(x // 9 + y // 9) % 2 == 0] = 0  # a chequered field
    return page


def test_each_number_stands_over_its_place(page):
    open_picture(page, encoded(two_lines()), "lines.png")
    assert reading_of(page, "lines.png") == "907\n31?"  # the upper line first
    labels = page.evaluate(LABELS)
    assert [text for text, *_ in labels] == ["907", "31?"]
    assert all(height >= 13 for _, height, *_ in labels)
    picture = page.locator("#raw").bounding_box()
    scale = picture["width"] / 800
    for line, (_, _, label, place) in enumerate(labels):
        rows, columns = np.nonzero(two_lines()[400 * line : 400 * (line + 1)] < 128)
        top, bottom = rows.min() + 400 * line, rows.max() + 400 * line
        ink = [columns.min(), top, columns.max() - columns.min(), bottom - top]
        ink = [ink[0] * scale + picture["x"], ink[1] * scale + picture["y"], ink[2] * scale, ink[3] * scale]
        assert place == pytest.approx(ink, abs=10)  # a little larger than the ink
        apart = (
            label[0] >= place[0] + place[2] or label[0] + label[2] <= place[0] or label[1] + label[3] <= place[1] + 4
        )
        assert apart  # beside it or on top of it


def test_what_is_not_sure_is_marked_by_more_than_a_colour(page):
    open_picture(page, encoded(two_lines()), "lines.png")
    reading_of(page, "lines.png")
    styles = page.locator("#spots button").evaluate_all("all => all.map(each => getComputedStyle(each).borderTopStyle)")
    assert styles == ["solid", "dashed"]
    assert page.locator("#spots button").nth(0).get_attribute("aria-label") is None  # it is called as it reads
    assert page.locator("#spots button").nth(1).get_attribute("aria-label") == "31?, not sure"


def test_a_picture_stands_in_the_place_of_the_pad_as_large_as_there_is_room(page):
    pad = page.locator("#pad").bounding_box()
    open_picture(page, encoded(two_lines()), "lines.png")
    reading_of(page, "lines.png")
    shown, room = (page.locator(each).bounding_box() for each in ("#raw", "#picture"))
    assert not page.is_visible("#pad")
    assert (room["x"], room["y"], room["width"]) == pytest.approx((pad["x"], pad["y"], pad["width"]), abs=1)
    assert shown["width"] == pytest.approx(shown["height"], rel=0.02)  # as square as it is
    assert shown["height"] == pytest.approx(room["height"], abs=1)


def test_labels_keep_their_size_when_the_window_changes(page):
    open_picture(page, encoded(two_lines()), "lines.png")
    reading_of(page, "lines.png")
    before = page.viewport_size
    widths = {page.locator("#raw").bounding_box()["width"]}
    for size in (SIDEWAYS, {"width": 330, "height": 640}, before):
        page.set_viewport_size(size)
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        widths.add(page.locator("#raw").bounding_box()["width"])
        assert [round(height) for _, height, *_ in page.evaluate(LABELS)] == [14] * 2
    assert len(widths) > 1


def test_labels_of_a_tiny_picture_can_be_read(page):
    tiny = np.asarray(Image.fromarray(handwriting("38")).resize((60, 30), Image.Resampling.BOX))
    open_picture(page, encoded(tiny), "tiny.png")
    assert reading_of(page, "tiny.png") == "38"
    assert all(height >= 13 for _, height, *_ in page.evaluate(LABELS))
    assert page.locator("#raw").bounding_box()["width"] >= 300


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_transparent_picture_lies_on_paper(page, scheme):
    page.emulate_media(color_scheme=scheme)
    image = np.zeros((400, 800, 4), np.uint8)
    image[..., 3] = 255 - handwriting("52")
    open_picture(page, encoded(image), "transparent.png")
    assert reading_of(page, "transparent.png") == "52"
    seen = np.asarray(Image.open(io.BytesIO(page.locator("#raw").screenshot())).convert("L"))
    page.emulate_media(color_scheme="light")
    assert np.median(seen) > 220  # paper
    assert (seen < 60).mean() > 0.02  # ink


def test_the_picture_opened_last_is_read(page):
    """The first is large and takes longer."""
    large = np.asarray(Image.fromarray(handwriting("11")).resize((4000, 2000)))
    open_picture(page, encoded(large, "JPEG"), "large.jpg")
    open_picture(page, encoded(handwriting("22")), "small.png")
    assert reading_of(page, "small.png") == "22"
    page.wait_for_timeout(1500)
    assert page.text_content("#source") == "small.png"
    assert number(page) == "22"


def test_drawing_on_after_a_picture_reads_the_drawing(page, hand):
    hand.draw(lay_out("17")[:1])
    assert number(page) == "1"
    press(page, "#samples button >> nth=2")
    assert reading_of(page, "Sample: chalk on a dark board") == "2026"
    page.evaluate("scrollTo(0, 0)")
    press(page, "#write")
    assert number(page) == "1"  # which was kept under it
    hand.draw(lay_out("17")[1:])
    assert number(page) == "17"


def test_back_on_a_blank_pad_nothing_is_read(page):
    open_picture(page, encoded(handwriting("22")), "22.png")
    assert reading_of(page, "22.png") == "22"
    press(page, "#write")
    assert number(page) == ""
    assert page.get_attribute("#number", "data-state") == "empty"
    assert not page.is_visible("#seen")
    assert page.is_visible("#pad")
    assert page.get_attribute("#clear", "aria-disabled") == "true"


def test_a_picture_that_cannot_be_read_leaves_the_one_before(page):
    """Whether its header tells or only decoding does."""
    for content, message in ((b"no picture", "is a text file"), (png_of_grey(300, 200, b""), "could not be decoded")):
        open_picture(page, encoded(handwriting("22")), "22.png")
        assert reading_of(page, "22.png") == "22"
        open_picture(page, content, "none.png")
        status(page, message)
        assert reading_of(page, "22.png") == "22"
