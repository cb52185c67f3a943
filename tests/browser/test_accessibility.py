"""For everybody: axe-core finds nothing in any state of the page, and what axe-core cannot see holds too."""

import threading

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from number_reader import Recognizer
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.hand import DIGITS, lay_out, number
from tests.browser.picture_files import doubtful_lines, reading_of
from tests.browser.pictures.test_files import encoded, handwriting, open_picture
from tests.browser.serving import held, refused
from training.measuring.speed import pad_picture

SCREENS = {"phone": PHONE, "laptop": LAPTOP}
ZOOMED = {"200 %": {"width": 640, "height": 400}, "400 %": {"width": 320, "height": 256}}  # of 1280 x 800, 1280 x 1024
SCRIBBLE = [[(100 + 30 * i, 60 + 280 * (i % 2)) for i in range(8)], [(90, 100 + 40 * i) for i in range(5)]]
CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])"


def complaints(page):
    """What axe-core has against the page, one line for each element, in light and dark and at both sizes."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for name, size in SCREENS.items():
            page.set_viewport_size(size)
            for violation in Axe().run(page).response["violations"]:
                found += [f"{scheme}, {name}: {violation['id']}: {node['html'][:200]}" for node in violation["nodes"]]
    return found


@pytest.fixture
def own_page(visits, site):
    """A function that starts a visit of the test's own and gives its page, Python up."""

    def start(**context):
        page = visits(**context).page
        page.wait_for_selector("body[data-python=up]")
        return page

    yield start
    site.faults.clear()


def unsure_digit():
    """Strokes on the pad that are read as a digit with less than 90 % confidence: a 1 that becomes a 7, a 4 that
    becomes a 9, or whatever lies between."""
    reader = Recognizer.load("site/model/digits.npz")
    for one, other in (("1", "7"), ("5", "6"), ("3", "5"), ("0", "6")):
        start, end = (np.concatenate([np.array(stroke) for stroke in DIGITS[digit]]) for digit in (one, other))
        at = np.linspace(0, 1, 20)
        start, end = (
            np.stack([np.interp(at, np.linspace(0, 1, len(points)), points[:, k]) for k in (0, 1)], axis=1)
            for points in (start, end)
        )
        for share in np.linspace(0.1, 0.9, 17):
            points = (1 - share) * start + share * end
            stroke = np.array([340, 90]) + points * [120, 220]
            digits = reader.read(pad_picture([stroke.astype(np.float32)]), [stroke]).digits
            if len(digits) == 1 and digits[0].label is not None and digits[0].confidence < 0.8:
                return [stroke.tolist()]
    raise AssertionError("no mark that a person could read in two ways is unsure")


# --- axe-core, in every state -----------------------------------------------------------------


def test_loading(own_page, site):
    gate = threading.Event()
    site.faults["worker.py"] = held(gate)
    page = own_page()
    assert page.get_attribute("body", "data-app") == "loading"
    found = complaints(page)
    gate.set()
    assert found == []


def test_error(own_page, site):
    site.faults["worker.py"] = refused
    page = own_page()
    page.wait_for_selector("body[data-app=error]")
    assert page.locator("#retry").is_visible()
    assert complaints(page) == []


def test_ready(page):
    assert complaints(page) == []


def test_all_that_can_be_unfolded(page):
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.locator("summary").count() >= 3
    found = complaints(page)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = false)")
    assert found == []


def test_drawn(page, hand):
    hand.write("2026")
    assert number(page) == "2026"
    assert complaints(page) == []


def test_drawn_without_being_sure_and_refused(page, hand):
    hand.draw(unsure_digit())
    number(page)
    assert page.locator("#number .unsure").count() == 1
    assert complaints(page) == []
    hand.press("#clear")
    hand.draw(SCRIBBLE)
    number(page)
    assert page.locator("#number .refused").count() >= 1
    assert complaints(page) == []


def test_photo(page):
    open_picture(page, encoded(handwriting("407"), "JPEG"), "p.jpg", "image/jpeg")
    page.wait_for_selector("#number[data-state=done]")
    assert page.text_content("#number") == "407"
    assert complaints(page) == []


@pytest.fixture
def looked_at(page):
    """A picture with numbers of which two are not sure."""
    open_picture(page, encoded(doubtful_lines()), "doubtful.png")
    reading_of(page, "doubtful.png")
    yield page
    page.set_viewport_size(LAPTOP)
    page.locator("#write").click()


def test_picture_with_numbers_over_their_places(looked_at):
    assert looked_at.locator("#spots .doubtful").count() == 2
    assert complaints(looked_at) == []
    looked_at.locator("#zoom-in").click()
    looked_at.locator("#next-unsure").click()
    assert complaints(looked_at) == []


def test_picture_that_was_mended(looked_at):
    looked_at.locator("#labels button").first.click()
    assert looked_at.locator("#teach").is_visible()
    assert complaints(looked_at) == []
    looked_at.locator("#mend").fill("12345")
    looked_at.locator("#mend").press("Enter")
    assert complaints(looked_at) == []


def test_why(page, hand):
    hand.write("47")
    number(page)
    page.locator("#candidates button").click()
    assert page.locator("#why").is_visible()
    page.wait_for_selector("#voters li")
    page.wait_for_selector("#why-note:not(:text('Fetching'))", state="attached")
    found = complaints(page)
    page.locator("#why-close").click()
    assert found == []


def test_taught(page, hand):
    hand.write("4")
    number(page)
    page.locator("#labels button", has_text="4").click()
    page.wait_for_selector("#status:text('Taught')")
    page.locator("#taught summary").click()
    page.wait_for_selector("#taught-list li")
    found = complaints(page)
    page.locator("#status button").click()  # undo
    page.locator("#taught summary").click()
    assert found == []


# --- what axe-core cannot see -----------------------------------------------------------------


@pytest.fixture
def resized(page):
    """A function that gives the shared page another window for one test."""
    yield page.set_viewport_size
    page.set_viewport_size(LAPTOP)


# Where the focus is: what it is, where it stands in the page, whether a person sees it, and how it is marked.
FOCUSED = """controls => {
  const here = document.activeElement;
  if (here === document.body) return null;
  const seen = here.classList.contains("covered") ? here.labels[0] : here;  // a file input shows as its label
  const box = seen.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const style = getComputedStyle(seen);
  return {
    name: here.id || here.textContent.trim() || here.outerHTML,
    place: [...document.querySelectorAll(controls)].indexOf(here),
    covered: !(seen.contains(top) || top?.contains(seen)),
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    colours: [style.outlineColor, getComputedStyle(document.body).backgroundColor],
  };
}"""

# The controls that a person could press or fill now.
PRESSABLE = """controls => [...document.querySelectorAll(controls)]
  .filter(each => each.checkVisibility({opacityProperty: false, visibilityProperty: true}) && !each.disabled)
  .filter(each => each.type !== "radio" || each.checked)  // Tab goes to the one that is chosen, arrows to the others
  .map(each => each.id || each.textContent.trim() || each.outerHTML)"""


def luminance(colour):
    """Relative luminance of a CSS colour "rgb(r, g, b)", as WCAG defines it."""
    share = np.array([float(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


# What app/keeping/offline.py does where there is a new version; test_offline.py has it from a real one.
OFFER = """shown => {
  document.getElementById("news").toggleAttribute("data-shown", shown);
  document.getElementById("news-says").textContent = shown ? "A new version is there. What you drew and taught stays." : "";
}"""


@pytest.fixture
def offered(page):
    """The bar at the bottom of the window that offers a new version."""
    page.evaluate(OFFER, True)
    yield
    page.evaluate(OFFER, False)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_tab_goes_through_everything_in_the_order_of_the_page(page, hand, resized, offered, screen, scheme):
    """And nothing that has the focus lies under the bar with the new version."""
    resized(SCREENS[screen])
    page.emulate_media(color_scheme=scheme)
    hand.write("47")
    number(page)
    expected = page.evaluate(PRESSABLE, CONTROLS)
    page.evaluate("document.activeElement.blur()")
    page.locator("h1").click()
    stops = []
    for _ in range(len(expected) + 1):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED, CONTROLS)
        if stop is None:  # past the last one, out of the page
            break
        stops.append(stop)
    assert [stop["name"] for stop in stops] == expected
    places = [stop["place"] for stop in stops]
    assert places == sorted(places)
    for stop in stops:
        assert not stop["covered"], stop
        assert stop["outline"] >= 2, stop
        assert contrast(*stop["colours"]) >= 3, stop
    page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("screen", SCREENS)
def test_tab_goes_through_everything_about_a_picture(looked_at, resized, screen):
    """But for the numbers over their places: there may be hundreds, and buttons and keys go from one to the next."""
    page, controls = looked_at, CONTROLS.replace("button", "button:not([tabindex='-1'])")
    resized(SCREENS[screen])
    expected = page.evaluate(PRESSABLE, controls)
    assert {"picture", "zoom-in", "write", "turn", "next-unsure", "mend"} <= set(expected)
    assert "pad" not in expected
    page.evaluate("document.activeElement.blur()")
    page.locator("h1").click()
    stops = []
    while (stop := (page.keyboard.press("Tab"), page.evaluate(FOCUSED, controls))[1]) and len(stops) <= len(expected):
        stops.append(stop)
    assert [stop["name"] for stop in stops] == expected
    for stop in stops:
        assert not stop["covered"], stop
        assert stop["outline"] >= 2, stop


@pytest.mark.parametrize("screen", SCREENS)
def test_targets_about_a_picture_are_large_enough(looked_at, resized, screen):
    """But for the numbers over their places, which have others elsewhere: the number's text, and buttons to the next."""
    resized(SCREENS[screen])
    small = {}
    targets = looked_at.locator("button:not(#spots button), .button, #mend, #mode input")
    for target in targets.filter(visible=True).all():
        size = target.evaluate(TARGET_SIZE)
        if min(size) < 44:
            small[target.evaluate("each => each.outerHTML")[:80]] = size
    assert small == {}


@pytest.mark.parametrize("zoom", ZOOMED)
def test_enlarged_a_picture_fits_and_everything_can_be_reached(looked_at, resized, zoom):
    resized(ZOOMED[zoom])
    assert looked_at.evaluate(TOO_WIDE) == []
    for selector in ("#picture", "#zoom-fit", "#next-unsure", "#mend", "#leave-out"):
        looked_at.locator(selector).scroll_into_view_if_needed()
        assert looked_at.evaluate(MIDDLE_IS_SEEN, selector), selector


MIDDLE_IS_SEEN = """selector => {
  const target = document.querySelector(selector), {x, y, width, height} = target.getBoundingClientRect();
  const there = document.elementFromPoint(x + width / 2, y + height / 2);
  return Boolean(there) && (target.contains(there) || selector === "#picture");
}"""

# How wide and high the area is that presses a control: what is drawn of it, or an area laid over more than that.
TARGET_SIZE = """target => {
  target.scrollIntoView({block: "center"});
  const box = target.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const reach = (dx, dy) => {
    let far = 0;
    while (far < 50 && target.contains(document.elementFromPoint(x + dx * far, y + dy * far))) far++;
    return far;
  };
  return [reach(-1, 0) + reach(1, 0), reach(0, -1) + reach(0, 1)];
}"""


@pytest.mark.parametrize("screen", SCREENS)
def test_targets_are_large_enough(page, hand, resized, offered, screen):
    """44 px for a finger; never under 24, which is what WCAG 2.5.8 asks; links in a sentence are free of both."""
    resized(SCREENS[screen])
    hand.write("47")
    number(page)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    targets = page.locator("button, .button, summary, input:not(.covered), select").filter(visible=True).all()
    assert len(targets) > 10
    small = {}
    for target in targets:
        size = target.evaluate(TARGET_SIZE)
        if min(size) < 44:
            small[target.evaluate("each => each.outerHTML")[:80]] = size
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = false)")
    assert small == {}


# Counts changes of what is announced: of text in live regions, hidden or not, whenever it happens.
LISTEN = """() => {
  window.heard = [];
  window.ears?.forEach(each => each.disconnect());
  const regions = [...document.querySelectorAll("output, [role=status], [role=alert], [aria-live]")];
  window.ears = regions.map(region => {
    const ear = new MutationObserver(() => {
      if (region.ariaBusy !== "true") heard.push([region.id, region.textContent.trim()]); // it is announced when it is whole
    });
    ear.observe(region, {childList: true, characterData: true, subtree: true});
    return ear;
  });
  return regions.map(each => each.id);
}"""


def test_a_reading_is_announced_once_and_a_stroke_never(page, hand):
    *four, one = lay_out("41")
    hand.draw(four)
    assert number(page) == "4"
    assert {"number", "verdict", "status"} <= set(page.evaluate(LISTEN))
    assert page.locator("[aria-live=assertive], [role=alert]").count() == 0
    page.mouse.move(*hand.on_screen(one[0]))
    page.mouse.down()
    for point in one[1:]:
        page.mouse.move(*hand.on_screen(point))
    assert page.get_attribute("#number", "data-state") == "reading"
    assert page.evaluate("heard") == []  # the pen is down
    page.mouse.up()
    assert number(page) == "41"
    said = page.evaluate("heard")
    assert [each for each in said if each[0] == "number"] == [["number", "41"]]
    assert len([each for each in said if each[0] == "verdict"]) <= 1
    assert [each for each in said if each[0] == "status"] == []


def test_a_second_picture_is_announced_even_if_it_says_the_same(page):
    content = encoded(handwriting("58"))
    open_picture(page, content, "first.png")
    page.wait_for_selector("#source:text('first.png')")
    assert number(page) == "58"
    page.evaluate(LISTEN)
    open_picture(page, content, "second.png")
    page.wait_for_selector("#source:text('second.png')")
    assert number(page) == "58"
    assert [each for each in page.evaluate("heard") if each[0] == "number"] == [["number", "58"]]


def test_what_is_mended_is_announced_in_a_sentence_and_not_as_the_whole_page(looked_at):
    looked_at.evaluate(LISTEN)
    looked_at.locator("#number > span").first.click()
    assert looked_at.text_content("#pad-says") == "Symbol 1: 9, in 907?"
    looked_at.locator("#labels button").nth(4).click()
    assert looked_at.text_content("#status") == "This is a 4 now. Undo"
    assert looked_at.get_attribute("#number", "aria-live") == "off"


def test_what_could_not_be_read_is_announced_too(page, hand):
    page.evaluate(LISTEN)
    hand.draw(SCRIBBLE)
    number(page)
    assert ["verdict", page.text_content("#verdict")] in page.evaluate("heard")
    assert "not look like" in page.text_content("#verdict")


LINES = """each => {
  const style = getComputedStyle(each);
  return [style.textDecorationLine, style.textDecorationStyle];
}"""


def test_colour_is_never_the_only_sign(page, hand):
    """Sure, unsure and refused differ in their underline, and a sentence says it."""
    looks = {}
    hand.write("47")
    number(page)
    looks["sure"] = page.locator("#number .sure").first.evaluate(LINES)
    assert page.text_content("#verdict").startswith("Sure")
    hand.press("#clear")
    hand.draw(unsure_digit())
    number(page)
    looks["unsure"] = page.locator("#number .unsure").first.evaluate(LINES)
    assert page.text_content("#verdict").startswith("Not quite sure")
    hand.press("#clear")
    hand.draw(SCRIBBLE)
    number(page)
    refused_mark = page.locator("#number .refused").first
    looks["refused"] = refused_mark.evaluate(LINES)
    assert refused_mark.text_content() == "?"
    assert "not look like" in page.text_content("#verdict")
    assert len(set(map(tuple, looks.values()))) == 3, looks
    assert looks["sure"][0] == "none"


def test_what_is_greyed_says_so_to_screen_readers_and_keeps_the_focus(page, hand):
    assert page.get_attribute("#save", "aria-disabled") == "true"
    hand.write("1")
    number(page)
    assert page.get_attribute("#save", "aria-disabled") == "false"
    page.locator("#clear").focus()
    page.keyboard.press("Enter")
    assert page.get_attribute("#clear", "aria-disabled") == "true"
    assert page.evaluate("document.activeElement.id") == "clear"


# What makes the page scroll sideways; [] if it does not.
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter(each => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth)
  .map(each => each.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize("zoom", ZOOMED)
def test_enlarged_nothing_scrolls_sideways(page, hand, resized, offered, zoom):
    resized(ZOOMED[zoom])
    hand.write("20261234")
    number(page)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    wide = page.evaluate(TOO_WIDE)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = false)")
    assert wide == []


# Elements with text of their own that is cut off: wider than their box, which hides what is too much.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter(each => {
  const style = getComputedStyle(each);
  const hides = style.overflowX !== "visible" || style.overflowY === "hidden" || style.overflowY === "clip";
  const text = [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  const over = each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1;
  const isSpoken = each.matches(".unseen"); // for screen readers alone
  return each.checkVisibility() && text && hides && over && !isSpoken && style.overflowY !== "auto";
}).map(each => each.outerHTML.slice(0, 100))"""

SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"
TEXTS = {"twice as large": "html { font-size: 200% !important; }", "spaced out (WCAG 1.4.12)": SPACED}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("screen", SCREENS)
def test_larger_text_is_neither_cut_off_nor_wider_than_the_page(page, hand, resized, offered, screen, text):
    resized(SCREENS[screen])
    hand.write("20261234")
    number(page)
    page.evaluate(
        """rules => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(rules);
          document.adoptedStyleSheets = [sheet];
          document.querySelectorAll("details").forEach(each => each.open = true);
        }""",
        TEXTS[text],
    )
    wide = page.evaluate(TOO_WIDE)
    cut = page.evaluate(CUT_OFF)
    page.evaluate("""() => {
      document.adoptedStyleSheets = [];
      document.querySelectorAll("details").forEach(each => each.open = false);
    }""")
    assert wide == []
    assert cut == []


GROUND = """each => {
  while (getComputedStyle(each).backgroundColor === "rgba(0, 0, 0, 0)") each = each.parentElement;
  return getComputedStyle(each).backgroundColor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ink_lies_on_light_paper_even_where_the_system_sets_the_colours(page, hand, scheme):
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    hand.write("4")
    number(page)
    page.locator("#candidates button").click()
    page.wait_for_selector("#voters .paper canvas")
    grounds = {
        name: page.locator(name).first.evaluate(GROUND)
        for name in ("#pad", "#raw", "#processed", "#why-glyph canvas", "#voters canvas", "#mend")
    }
    page.locator("#why-close").click()
    page.emulate_media(forced_colors="none", color_scheme="light")
    for name, ground in grounds.items():
        assert contrast(ground, "rgb(0, 0, 0)") >= 7, name


MOVING = """() => [...document.querySelectorAll("*")].flatMap(each => ["", "::before", "::after"].map(part => {
  const style = getComputedStyle(each, part || null);
  const durations = style.transitionDuration.split(", ").some(each => each !== "0s");
  return durations || style.animationName !== "none" || style.scrollBehavior === "smooth"
    ? each.tagName + "#" + each.id + part : null;
})).filter(Boolean)"""


def test_nothing_moves_for_those_who_asked_for_less_motion(page, hand):
    hand.write("47")
    number(page)
    assert page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    assert page.evaluate(MOVING) == []
    assert page.evaluate("document.getAnimations().map(each => each.constructor.name)") == []
