"""The picture in the one place: whole at first, zoomed and moved with fingers, mouse, wheel, keys and buttons; never past its
edges, and never the page in its stead."""

import pytest

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.hand import number, wait_for, wait_until_ready
from tests.browser.picture_files import AS_PHONE, ROWS, encoded, handwriting, open_picture, page_of, press, reading_of

SCREENS = {"laptop": {"viewport": LAPTOP}, "phone": {"viewport": PHONE, **AS_PHONE}}
FOLD = ["#status", "#number", "#verdict", "#copy", "#mode", "#candidates", "#next-unsure", "#mend", "#labels"]


@pytest.fixture(scope="module")
def laptop(visits):
    visit = visits()
    wait_until_ready(visit.page)
    return visit


@pytest.fixture(scope="module")
def phone(visits):
    visit = visits(**SCREENS["phone"])
    wait_until_ready(visit.page)
    return visit


@pytest.fixture(params=SCREENS)
def visit(request):
    visit = request.getfixturevalue(request.param)
    visit.complaints.clear()
    visit.page.evaluate("clear.click(); scrollTo(0, 0)")
    yield visit
    assert visit.complaints == []


@pytest.fixture
def page(visit):
    """A page of eight numbers is looked at."""
    open_picture(visit.page, encoded(page_of(ROWS)), "page.png")
    reading_of(visit.page, "page.png")
    return visit.page


def box(page, selector):
    return page.locator(selector).bounding_box()


def times(page):
    """How many times as large it is as when it is whole."""
    frame, picture = box(page, "#picture"), box(page, "#raw")
    whole = min(frame["width"] / picture["width"], frame["height"] / picture["height"])
    return 1 / whole


def is_within_edges(page):
    """There is nothing beside the picture where it could fill the room."""
    frame, picture = box(page, "#picture"), box(page, "#raw")
    for start, length in (("x", "width"), ("y", "height")):
        before = frame[start] - picture[start]
        after = picture[start] + picture[length] - frame[start] - frame[length]
        fills = picture[length] >= frame[length] - 1
        assert (min(before, after) >= -1) if fills else before == pytest.approx(after, abs=1)
    return True


def middle(page):
    frame = box(page, "#picture")
    return frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2


def under(page, x, y):
    """Which point of the picture is there, as shares of its sides."""
    picture = box(page, "#raw")
    return (x - picture["x"]) / picture["width"], (y - picture["y"]) / picture["height"]


def scrolled(page):
    return page.evaluate("[scrollX, scrollY, visualViewport.scale]")


def pinch(visit, start, end, shift=0):
    """Two fingers, so many px from the middle of the picture, go to `end` px from it, and both `shift` px to the right."""
    x, y = middle(visit.page)
    for step in range(11):
        away = start + (end - start) * step / 10
        fingers = [
            {"x": x + side * away + shift * step / 10, "y": y + side * away / 2, "id": k}
            for k, side in enumerate((-1, 1))
        ]
        kind = "touchMove" if step else "touchStart"
        for some in [fingers[:1], fingers] if not step else [fingers]:
            visit.hand.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": some})
    visit.hand.session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def drag(visit, across, down, touch):
    x, y = middle(visit.page)
    if not touch:
        visit.page.mouse.move(x, y)
        visit.page.mouse.down()
        visit.page.mouse.move(x + across / 2, y + down / 2)
        visit.page.mouse.move(x + across, y + down)
        visit.page.mouse.up()
        return
    for step in range(6):
        finger = {"x": x + across * step / 5, "y": y + down * step / 5, "id": 0}
        kind = "touchMove" if step else "touchStart"
        visit.hand.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [finger]})
    visit.hand.session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


# --- the fold ---------------------------------------------------------------------------------


def test_nothing_that_belongs_to_a_picture_is_below_the_fold(page):
    height = page.viewport_size["height"]
    for selector in [*FOLD, "#picture", "#source", "#write", "#turn", "label[for=image]", "#zoom-fit"]:
        shown = box(page, selector)
        assert 0 <= shown["y"] <= height - shown["height"], selector


def test_nothing_that_belongs_to_a_drawing_is_below_the_fold(visit):
    page = visit.page
    visit.hand.write("2026")
    assert number(page) == "2026"
    page.evaluate("scrollTo(0, 0)")
    for selector in [*FOLD, "#pad", "#undo", "#eraser", "#brush", "#save", "label[for=image]"]:
        shown = box(page, selector)
        assert 0 <= shown["y"] <= page.viewport_size["height"] - shown["height"], selector


def test_the_text_of_a_long_page_scrolls_inside_itself(visit):
    rows = ROWS * 4
    open_picture(visit.page, encoded(page_of(rows)), "long.png")
    assert reading_of(visit.page, "long.png") == "\n".join(rows)
    page = visit.page
    assert page.evaluate("number.scrollHeight > number.clientHeight + 50")
    page.evaluate("number.scrollTo(0, number.scrollHeight)")
    assert page.locator("#number > span").last.is_visible()
    shown = box(page, "#labels")
    assert shown["y"] + shown["height"] <= page.viewport_size["height"]


# --- zoomed and moved -------------------------------------------------------------------------


def test_it_is_whole_at_first_and_zoomed_by_buttons_as_far_as_it_goes(page):
    assert times(page) == pytest.approx(1, abs=0.02)
    assert page.get_attribute("#zoom-out", "aria-disabled") == "true"
    press(page, "#zoom-in")
    assert times(page) == pytest.approx(1.5, abs=0.02)
    for _ in range(10):
        press(page, "#zoom-in")
    assert times(page) == pytest.approx(12, abs=0.1)
    assert page.get_attribute("#zoom-in", "aria-disabled") == "true"
    press(page, "#zoom-fit")
    assert times(page) == pytest.approx(1, abs=0.02)
    press(page, "#zoom-out")
    assert times(page) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("held", [None, "Control"])
def test_the_wheel_zooms_around_the_pointer(page, held):
    x, y = middle(page)
    y += 20
    before = under(page, x, y)
    page.mouse.move(x, y)
    if held:
        page.keyboard.down(held)
    page.mouse.wheel(0, -400 if not held else -100)
    wait_for(page, "picture.hasAttribute('data-zoomed')")
    assert times(page) > 1.3
    assert under(page, x, y) == pytest.approx(before, abs=0.02)
    assert is_within_edges(page)
    page.mouse.wheel(0, 4000)
    wait_for(page, "!picture.hasAttribute('data-zoomed')")
    if held:
        page.mouse.wheel(0, 100)
        page.keyboard.up(held)
    page.wait_for_timeout(100)
    assert page.evaluate("[visualViewport.scale, devicePixelRatio]") == [1, page.evaluate("devicePixelRatio")]


def test_it_is_zoomed_and_moved_by_keys_while_it_has_the_focus(page):
    page.locator("#picture").focus()
    for key, expected in (("+", 1.5), ("+", 2.25), ("-", 1.5)):
        page.keyboard.press(key)
        assert times(page) == pytest.approx(expected, abs=0.02)
    page.keyboard.press("+")
    page.keyboard.press("+")
    before = box(page, "#raw")
    for key, place, way in (
        ("ArrowDown", "y", -1),
        ("ArrowUp", "y", 1),
        ("ArrowRight", "x", -1),
        ("ArrowLeft", "x", 1),
    ):
        page.keyboard.press(key)
        after = box(page, "#raw")
        if before["width"] > box(page, "#picture")["width"] or place == "y":
            assert (after[place] - before[place]) * way > 5, key
        before = after
    for _ in range(30):
        page.keyboard.press("ArrowDown")
    assert is_within_edges(page)
    page.keyboard.press("0")
    assert times(page) == pytest.approx(1, abs=0.02)
    assert scrolled(page) == [0, 0, 1]
    assert page.text_content("#number") == "\n".join(ROWS), "its keys say nothing of what was read"


def test_it_is_dragged_and_no_further_than_its_edges(page, visit):
    touch = bool(page.evaluate("navigator.maxTouchPoints"))
    for _ in range(5):
        press(page, "#zoom-in")
    before, chosen = box(page, "#raw"), page.text_content("#candidates button")
    drag(visit, -30, -40, touch)
    after = box(page, "#raw")
    assert (after["x"] - before["x"], after["y"] - before["y"]) == pytest.approx((-30, -40), abs=1)
    assert page.text_content("#candidates button") == chosen, "a drag chooses nothing"
    for _ in range(12):
        drag(visit, 90, 90, touch)
    assert is_within_edges(page)
    assert box(page, "#raw")["x"] == pytest.approx(box(page, "#picture")["x"], abs=1)
    assert scrolled(page) == [0, 0, 1]


def test_two_fingers_zoom_and_move_the_picture_and_not_the_page(phone):
    phone.page.evaluate("clear.click(); scrollTo(0, 0)")
    page = phone.page
    page.touchscreen.tap(200, 20)  # Chromium swallows the first tap after so quick a swipe
    open_picture(page, encoded(page_of(ROWS)), "page.png")
    reading_of(page, "page.png")
    before = under(page, *middle(page))
    pinch(phone, 20, 120)
    assert times(page) == pytest.approx(6, rel=0.1)
    assert under(page, *middle(page)) == pytest.approx(before, abs=0.02)
    x = box(page, "#raw")["x"]
    pinch(phone, 60, 60, shift=25)
    assert box(page, "#raw")["x"] - x == pytest.approx(25, abs=4)
    pinch(phone, 90, 5)
    assert times(page) == pytest.approx(1, abs=0.02)
    assert scrolled(page) == [0, 0, 1]


def test_labels_keep_their_size_and_their_places_when_it_is_zoomed(page):
    sizes = set()
    for _ in range(4):
        spot, raw = box(page, "#spots button >> nth=2"), box(page, "#raw")
        sizes.add(page.locator("#spots span").nth(2).evaluate("each => getComputedStyle(each).fontSize"))
        place = (spot["y"] + spot["height"] / 2 - raw["y"]) / raw["height"]
        assert place == pytest.approx(2.5 / 8, abs=0.03)
        press(page, "#zoom-in")
    assert len(sizes) <= 2, sizes  # the smallest may be those of rows that are too dense
    assert page.locator("#spots span").nth(2).evaluate("each => parseFloat(getComputedStyle(each).fontSize)") == 14


def test_the_zoom_stays_while_it_is_read_once_more_and_another_picture_is_whole(page):
    press(page, "#zoom-in")
    press(page, "#mode-digits")
    page.wait_for_selector("#number[data-state=done]")
    assert times(page) == pytest.approx(1.5, abs=0.02)
    press(page, "#mode-numbers")
    page.wait_for_selector("#number[data-state=done]")
    open_picture(page, encoded(handwriting("22")), "22.png")
    reading_of(page, "22.png")
    assert times(page) == pytest.approx(1, abs=0.02)


# --- the one place ----------------------------------------------------------------------------


def test_write_goes_back_to_the_drawing_and_one_tap_brings_the_picture_back(visit):
    page = visit.page
    visit.hand.write("47")
    assert number(page) == "47"
    open_picture(page, encoded(handwriting("528")), "528.png")
    assert reading_of(page, "528.png") == "528"
    assert not page.is_visible("#pad")
    assert not page.is_visible("#undo")
    press(page, "#write")
    assert number(page) == "47"
    assert page.is_visible("#pad")
    assert not page.is_visible("#picture")
    press(page, "#status button")
    assert reading_of(page, "528.png") == "528"
    assert page.is_visible("#picture")


def test_escape_goes_back_to_the_pad_with_the_focus(page):
    page.locator("#picture").focus()
    page.keyboard.press("Escape")
    assert page.is_visible("#pad")
    assert page.evaluate("document.activeElement.id") == "pad"
    page.keyboard.press("1")  # where keys draw and correct; the picture is not what they are about
    assert number(page) == ""


def test_what_has_the_focus_on_the_pad_hands_it_to_the_picture(visit):
    page = visit.page
    page.locator("#pad").focus()
    page.set_input_files("#image", {"name": "7.png", "mimeType": "image/png", "buffer": encoded(handwriting("7"))})
    reading_of(page, "7.png")
    assert page.evaluate("document.activeElement.id") == "picture"
