"""Why: each digit can be opened to see its glyph, its nearest examples and their votes."""

import base64
import io
import re
import threading

import numpy as np
import pytest

from number_reader import Recognizer
from number_reader.storage.exemplars import Exemplars
from tests.browser.conftest import PHONE
from tests.browser.hand import DIGITS, lay_out, number, wait_until_ready
from tests.browser.ink import pixels
from tests.browser.pictures.test_files import encoded, handwriting, open_picture
from tests.browser.serving import held, refused, replaced_by
from tests.browser.start.test_faults import change
from training.measuring.speed import pad_picture

EXEMPLARS = "model/exemplars.npz"
TURNS = np.linspace(0, 6 * np.pi, 120)
COIL = [[(400 + (20 + 7 * a) * np.cos(a), 200 + (20 + 7 * a) * np.sin(a)) for a in TURNS.tolist()]]
SCRIBBLE = [
    [(150 + 25 * i, 60 + 280 * (i % 2)) for i in range(20)],
    [(625 - 25 * i, 60 + 280 * (i % 2)) for i in range(20)],
]


@pytest.fixture(autouse=True)
def no_faults_left(site):
    site.faults.clear()
    yield
    site.faults.clear()


@pytest.fixture(scope="module")
def recognizer(site):
    return Recognizer.load(site.model)


@pytest.fixture(scope="module")
def exemplars(site, recognizer):
    return Exemplars.load(site.path(EXEMPLARS), recognizer)


def digits(page, recognizer, strokes):
    """What the recognizer itself says of the pad."""
    return recognizer.read(pixels(page), [np.array(stroke, np.float32) for stroke in strokes]).digits


def with_article(label):
    return f"an {label}" if label == 8 else f"a {label}"


def of_two_minds(recognizer):
    """Strokes on the pad, between a 1 and a 7 or the like, whose neighbours have more than one label, so that the strokes
    themselves are asked, too."""
    for one, other in (("1", "7"), ("3", "9"), ("0", "6"), ("3", "5")):
        start, end = (np.concatenate([np.array(stroke) for stroke in DIGITS[digit]]) for digit in (one, other))
        at = np.linspace(0, 1, 20)
        start, end = (
            np.stack([np.interp(at, np.linspace(0, 1, len(points)), points[:, k]) for k in (0, 1)], axis=1)
            for points in (start, end)
        )
        for share in np.linspace(0.1, 0.9, 17):
            stroke = np.round([340, 90] + ((1 - share) * start + share * end) * [120, 220])
            found = recognizer.read(pad_picture([stroke.astype(np.float32)]), [stroke]).digits
            labels = {neighbor.label for neighbor in found[0].neighbors}
            if len(found) == 1 and found[0].label is not None and found[0].strokes is not None and len(labels) > 1:
                return [stroke.tolist()]
    raise AssertionError("all of these have neighbours of one label")


def choose(page, index):
    if page.locator("#number > span").count() > 1:
        page.locator("#number > span").nth(index).click()


def open_digit(page, index):
    choose(page, index)
    if page.get_attribute("#candidates button", "aria-expanded") == "false":
        page.locator("#candidates > li").click()


def wait_for_pictures(page):
    page.wait_for_selector("#why-note:text-is('')", state="attached")


def ink_of(page, selector):
    """What a canvas of the panel shows of a glyph, uint8 (28, 28), 255 for ink."""
    image = pixels(page, selector)
    assert image.shape == (28, 28, 4)
    assert (image[..., 3] == 255).all()
    assert (np.ptp(image[..., :3], axis=2) == 0).all()
    return 255 - image[..., 0]


def new_visit(visits, **context):
    visit = visits(**context)
    wait_until_ready(visit.page)
    return visit


def voter(i):
    return f"#voters li:nth-child({i + 1})"


def test_nothing_is_opened_by_itself(page, hand):
    hand.write("47")
    number(page)
    assert not page.locator("#why").is_visible()
    assert page.locator("#candidates button").evaluate_all("all => all.map(each => each.ariaExpanded)") == ["false"]
    choose(page, 1)
    assert not page.locator("#why").is_visible()


def test_the_panel_shows_what_the_recogniser_saw_and_its_neighbours(page, hand, recognizer, exemplars):
    hand.write("47")
    number(page)
    seven = digits(page, recognizer, lay_out("47"))[1]
    open_digit(page, 1)
    assert page.text_content("#why-title") == "Why digit 2 is read as 7"
    assert page.locator("#candidates button").evaluate_all("all => all.map(each => each.ariaExpanded)") == ["true"]
    assert page.get_attribute("#candidates button", "aria-controls") == "why"
    wait_for_pictures(page)
    np.testing.assert_array_equal(ink_of(page, "#why-glyph canvas"), seven.glyph)
    glyphs = exemplars.glyphs([neighbor.index for neighbor in seven.neighbors])
    assert page.locator("#voters li").count() == len(seven.neighbors) == 5
    for i, neighbor in enumerate(seven.neighbors):
        assert page.text_content(f"{voter(i)} b") == str(neighbor.label)
        assert page.text_content(f"{voter(i)} b + span") == f"at {neighbor.distance:.2f}"
        np.testing.assert_array_equal(ink_of(page, f"{voter(i)} canvas"), glyphs[i])


def test_the_votes_add_up_and_words_explain_them(page, hand, recognizer):
    strokes = of_two_minds(recognizer)
    hand.draw(strokes)
    number(page)
    [digit] = digits(page, recognizer, strokes)
    page.locator("#candidates button").click()
    weights = {}
    for neighbor in digit.neighbors:
        weights[neighbor.label] = weights.get(neighbor.label, 0) + 1 / (neighbor.distance**2 + 1e-6)
    shares = {label: 100 * weight / sum(weights.values()) for label, weight in weights.items()}
    shown = dict(
        zip(
            map(int, page.locator("#votes b").all_text_contents()),
            [int(re.search(r"\d+", text)[0]) for text in page.locator("#votes .share").all_text_contents()],
        )
    )
    assert shown.keys() == shares.keys()
    for label, share in shares.items():
        assert shown[label] == pytest.approx(share, abs=1)
    assert list(shown.values()) == sorted(shown.values(), reverse=True)
    widths = [
        each.evaluate("bar => bar.style.getPropertyValue('--share')") for each in page.locator("#votes .bar").all()
    ]
    assert [round(100 * float(width)) for width in widths] == list(shown.values())
    words = page.text_content("#why-words")
    counts = [sum(neighbor.label == label for neighbor in digit.neighbors) for label in shares]
    assert f"{max(counts)} of the 5 nearest of {recognizer.known:,} known examples are" in words
    assert f"{max(shown.values())} % of the votes" in words
    assert (
        f"so its strokes were compared, too: they are most like {with_article(digit.strokes)}. Both together" in words
    )


def test_neighbours_of_one_mind_are_said_to_be(page, hand):
    hand.write("7")
    number(page)
    page.locator("#candidates button").click()
    assert page.text_content("#why-title") == "Why it is read as 7"
    words = page.text_content("#why-words")
    assert re.match(
        r"All 5 nearest of [\d,]+ known examples are 7s\. The 7s are so much nearer than the \ds that", words
    )


def test_what_is_nearer_to_letters_and_scribbles_says_so(page, hand):
    hand.draw(SCRIBBLE)
    assert number(page) == "?"
    page.locator("#candidates button").click()
    assert "It is more like what is no digit or mark: letters, other symbols, scribbles." in page.text_content(
        "#why-words"
    )


def test_a_refused_mark_says_how_far_it_is_from_any_digit(page, hand, recognizer):
    hand.draw(COIL)
    assert number(page) == "?"
    strokes = [np.array(stroke, np.float32) for stroke in COIL]
    (symbol,) = recognizer.read(pixels(page), strokes).symbols
    page.locator("#candidates button").click()
    assert page.text_content("#why-title") == "Why it is not read as a digit or mark"
    times = np.exp((symbol.doubt - recognizer.limit_of(symbol)) / 2)
    assert times > 1
    assert f"It would have to be {times:.1f} times nearer to the known digits and marks" in page.text_content(
        "#why-words"
    )
    assert page.locator("#voters li").count() == 5


# --- opening and closing --------------------------------------------------------------------------


def test_a_digit_is_opened_and_closed_with_the_keyboard(page, hand):
    hand.write("47")
    number(page)
    page.locator("#next").focus()
    page.keyboard.press("Enter")
    while page.text_content("#candidates button") != "Digit 2: 7 Why?":
        page.keyboard.press("Enter")
    page.locator("#candidates button").focus()
    page.keyboard.press("Enter")
    assert page.text_content("#why-title") == "Why digit 2 is read as 7"
    page.keyboard.press("Enter")
    assert not page.locator("#why").is_visible()
    page.keyboard.press(" ")
    page.locator("#leave-out").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "why-close"
    page.keyboard.press("Enter")
    assert not page.locator("#why").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Digit 2: 7 Why?"


def test_the_panel_follows_what_is_chosen(page, hand):
    hand.write("472")
    assert number(page) == "472"
    open_digit(page, 2)
    assert page.text_content("#why-title") == "Why digit 3 is read as 2"
    page.locator("#number > span").nth(0).click()
    assert page.text_content("#why-title") == "Why digit 1 is read as 4"
    page.locator("#next").click()
    assert page.text_content("#why-title") == "Why digit 2 is read as 7"


def test_the_panel_stays_while_the_drawing_grows_and_goes_with_its_digit(page, hand):
    strokes = lay_out("472")
    hand.draw(strokes[:3])
    assert number(page) == "47"
    open_digit(page, 1)
    hand.draw(strokes[3:])
    assert number(page) == "472"
    assert page.text_content("#why-title") == "Why digit 2 is read as 7"
    page.locator("#candidates button").focus()
    hand.press("#undo")
    assert number(page) == "47"
    assert page.locator("#why").is_visible()
    hand.press("#undo")
    assert number(page) == "4"
    assert not page.locator("#why").is_visible()
    hand.press("#redo")
    assert number(page) == "47"
    assert not page.locator("#why").is_visible()


def test_the_pad_stands_still_under_a_pen_while_the_page_scrolls_to_the_panel(page, hand):
    """A page that scrolled for a third of a second would move the pad under a quick hand that is back at it."""
    page.emulate_media(reduced_motion="no-preference")
    hand.write("7")
    number(page)
    page.evaluate("scrollTo(0, 0)")
    page.locator("#candidates button").click()
    page.mouse.move(*hand.on_screen((400, 200)))
    page.mouse.down()
    there = hand.on_screen((400, 200))
    page.wait_for_timeout(500)
    still = hand.on_screen((400, 200))
    page.mouse.up()
    page.emulate_media(reduced_motion="reduce")
    assert still == there


def test_a_picture_s_digits_are_opened_too(page):
    open_picture(page, encoded(handwriting("407")))
    assert number(page) == "407"
    open_digit(page, 2)
    assert page.text_content("#why-title") == "Why digit 3 is read as 7"
    box = page.locator("#raw").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.text_content("#why-title") == "Why digit 2 is read as 0"


def test_a_finger_opens_a_digit_on_a_phone(visits):
    visit = new_visit(visits, viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    page = visit.page
    visit.hand.draw_with_finger(lay_out("47"))
    assert number(page) == "47"
    page.touchscreen.tap(200, 20)  # Chromium swallows the first tap after so quick a swipe
    page.locator("#number > span").nth(0).tap()
    page.locator("#candidates > li").tap(position={"x": 60, "y": 50})
    page.wait_for_selector("#why:visible")
    assert page.text_content("#why-title") == "Why digit 1 is read as 4"
    wait_for_pictures(page)
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]
    rows = page.locator("#voters li").evaluate_all("all => all.map(each => each.offsetTop)")
    assert len(rows) == 5
    assert len(set(rows)) == 1, "the five stand side by side"
    page.locator("#why-close").tap()
    page.wait_for_selector("#why", state="hidden")
    assert visit.complaints == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_the_panel_fits_every_screen(page, hand, width):
    hand.write("4728")
    number(page)
    open_digit(page, 3)
    wait_for_pictures(page)
    page.set_viewport_size({"width": width, "height": 800})
    size = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    overflowing = page.evaluate("why.scrollWidth > why.clientWidth + 1")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert size[0] <= size[1]
    assert not overflowing


# --- taught neighbours ----------------------------------------------------------------------------


def test_a_taught_neighbour_is_shown_as_taught(page, hand):
    hand.write("7")
    number(page)
    page.locator("#labels button").nth(1).click()
    assert number(page) == "1"
    page.locator("#candidates button").click()
    assert page.text_content("#why-title") == "Why it is read as 1"
    assert page.text_content(f"{voter(0)} .mine") == "taught by you"
    assert page.text_content(f"{voter(0)} b") == "1"
    assert page.locator("#voters .mine").count() == 1
    wait_for_pictures(page)
    page.wait_for_timeout(50)
    np.testing.assert_array_equal(ink_of(page, f"{voter(0)} canvas"), ink_of(page, "#why-glyph canvas"))
    assert page.locator("#voters canvas").count() == 5
    assert "4 of the 5 nearest" in page.text_content("#why-words")
    assert "1 is a 1" in page.text_content("#why-words")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    assert number(page) == "7"
    assert page.text_content("#why-title") == "Why it is read as 7"
    assert page.locator("#voters .mine").count() == 0


# --- the file of pictures -------------------------------------------------------------------------


def bare(page):
    """Without pictures, the panel still shows labels, distances and votes."""
    assert page.locator("#voters b").all_text_contents() == ["7"] * 5
    assert all(re.fullmatch(r"at \d+\.\d\d", text) for text in page.locator("#voters b + span").all_text_contents())
    assert page.locator("#voters canvas").count() == 0
    assert page.locator("#votes li").count() == 1
    assert page.locator("#why-retry").is_visible()
    return page.text_content("#why-note")


def open_seven(visit):
    visit.hand.write("7")
    assert number(visit.page) == "7"
    visit.page.locator("#candidates button").click()


def asked_for_exemplars(site):
    return site.asked.count(EXEMPLARS)


def test_the_file_is_fetched_when_first_needed_once_and_kept(visits, site):
    site.asked.clear()
    gate = threading.Event()
    site.faults[EXEMPLARS] = held(gate)
    visit = new_visit(visits)
    page, hand = visit.page, visit.hand
    hand.write("7")
    assert number(page) == "7"
    assert asked_for_exemplars(site) == 0
    open_digit(page, 0)
    assert page.text_content("#why-note") == "Fetching the pictures of the examples."
    hand.draw([[(700, 100), (700, 300)]])
    assert number(page) == "71", "reading goes on meanwhile"
    assert page.text_content("#why-title") == "Why digit 1 is read as 7"
    gate.set()
    wait_for_pictures(page)
    assert page.locator("#voters canvas").count() == 5
    open_digit(page, 1)
    wait_for_pictures(page)
    assert page.locator("#voters canvas").count() == 5
    assert asked_for_exemplars(site) == 1
    page.reload()
    wait_until_ready(page)
    assert number(page) == "71"
    visit.context.set_offline(True)
    visit.requests.clear()
    open_digit(page, 0)
    wait_for_pictures(page)
    assert page.locator("#voters canvas").count() == 5
    assert [url for url in visit.requests if url.endswith(EXEMPLARS)] == [], "it is not even tried"
    assert visit.complaints == []
    assert asked_for_exemplars(site) == 1


def test_what_stands_in_the_way_is_said_and_trying_again_works(visits, site):
    content = site.path(EXEMPLARS).read_bytes()
    visit = new_visit(visits)
    page = visit.page
    visit.context.set_offline(True)
    open_seven(visit)
    page.wait_for_selector("#why-note:text('could not be fetched')")
    bare(page)
    visit.context.set_offline(False)
    for fault, reason in (
        (replaced_by("<!doctype html><p>Please sign in."), "could not be used"),
        (refused, "could not be fetched"),
        (replaced_by(content[: len(content) // 2]), "could not be used"),
        (replaced_by(of_another_model(site)), "belongs to another model"),
    ):
        site.faults[EXEMPLARS] = fault
        site.asked.clear()
        page.locator("#candidates > li").click()
        assert not page.locator("#why").is_visible()
        open_digit(page, 0)  # opened anew, it is tried anew
        page.wait_for_selector(f"#why-note:text('{reason}')")
        bare(page)
        assert asked_for_exemplars(site) == 1
        page.click("#why-retry")
        page.wait_for_selector(f"#why-note:text('{reason}')")
        bare(page)
        assert asked_for_exemplars(site) == 2
    site.faults.clear()
    page.click("#why-retry")
    wait_for_pictures(page)
    assert page.locator("#voters canvas").count() == 5
    assert not page.locator("#why-retry").is_visible()


def of_another_model(site):
    """The file with the fingerprint of another model."""
    with np.load(site.path(EXEMPLARS)) as file:
        arrays = dict(file)
    arrays["fingerprint"] = np.uint32(int(arrays["fingerprint"]) ^ 1)
    changed_file = io.BytesIO()
    np.savez_compressed(changed_file, **arrays)
    return changed_file.getvalue()


# How many bytes are kept, once others, in base 64, are put in their place where there are any.
LENGTH = """async others => {
  const cache = await caches.open("exemplars");
  const [request] = await cache.keys();
  if (others) await cache.put(request, new Response(Uint8Array.from(atob(others), byte => byte.charCodeAt(0))));
  return (await (await cache.match(request)).arrayBuffer()).byteLength;
}"""


@pytest.mark.parametrize("kind", ["damaged", "of another model"])
def test_a_kept_copy_that_cannot_be_used_is_fetched_again(page, visit, site, kind):
    content = b"damaged" if kind == "damaged" else of_another_model(site)
    open_seven(visit)
    wait_for_pictures(page)
    whole = page.evaluate(LENGTH)
    assert whole == site.path(EXEMPLARS).stat().st_size
    assert page.evaluate(LENGTH, base64.b64encode(content).decode()) == len(content)
    site.asked.clear()
    page.reload()
    wait_until_ready(page)
    assert number(page) == "7"
    open_digit(page, 0)
    wait_for_pictures(page)
    assert page.locator("#voters canvas").count() == 5
    assert asked_for_exemplars(site) == 1
    assert page.evaluate(LENGTH) == whole


def test_where_nothing_can_be_kept_the_pictures_come_all_the_same(visits, site):
    visit = None
    for script in (
        "js.Reflect.deleteProperty(js.WorkerGlobalScope.prototype, 'caches')",
        "js.caches.open = js.Promise.reject.bind(js.Promise, js.DOMException.new('no', 'SecurityError'))",
    ):
        change(site, "worker.py", "import js\n", f"import js\n\n{script}\n")
        site.asked.clear()
        if visit:
            visit.page.reload()
            wait_until_ready(visit.page)
            visit.hand.press("#clear")
        else:
            visit = new_visit(visits)
        open_seven(visit)
        wait_for_pictures(visit.page)
        assert visit.page.locator("#voters canvas").count() == 5
        assert asked_for_exemplars(site) == 1
        assert not visit.page.evaluate("caches.has('exemplars')"), "they were not kept"
    assert visit.complaints == []
