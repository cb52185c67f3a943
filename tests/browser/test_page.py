"""The page as a whole: its fit on every screen, its manners, and that it talks to nobody else."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import LAPTOP, PHONE, others
from tests.browser.hand import lay_out, number, wait_until_ready

SCREENS = {
    "small phone": {"width": 320, "height": 640},
    "phone": PHONE,
    "phone on its side": {"width": 844, "height": 390},
    "tablet": {"width": 768, "height": 1024},
    "laptop": LAPTOP,
    "wide": {"width": 1920, "height": 1080},
}


@pytest.fixture
def on_screen(page):
    """A function that gives the shared page another window for one test."""
    yield lambda name: page.set_viewport_size(SCREENS[name])
    page.set_viewport_size(LAPTOP)


def bottom(page, selector):
    box = page.locator(selector).bounding_box()
    return box["y"] + box["height"]


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_scrolls_sideways(page, hand, on_screen, screen):
    on_screen(screen)
    hand.write("20261234")
    number(page)
    page.wait_for_selector("#seen:visible")
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]


@pytest.mark.parametrize("screen", SCREENS)
def test_eight_digits_stand_in_one_line(page, hand, on_screen, screen):
    on_screen(screen)
    hand.write("20261234")
    assert len(number(page)) == 8
    assert len(set(page.locator("#number > span").evaluate_all("all => all.map(each => each.offsetTop)"))) == 1


@pytest.mark.parametrize("screen", ["phone", "phone on its side", "laptop"])
def test_the_pad_and_the_number_are_seen_together(page, on_screen, screen):
    on_screen(screen)
    height = SCREENS[screen]["height"]
    for selector in ("#pad", "#number", "#verdict"):
        assert bottom(page, selector) <= height
    if screen != "phone on its side":
        assert bottom(page, "#save") <= height


@pytest.mark.parametrize("screen", ["small phone", "phone", "laptop"])
def test_everything_to_press_is_large_enough_for_a_finger(page, on_screen, screen):
    on_screen(screen)
    for selector in ("#undo", "#redo", "#clear", "#save", "#brush", "label[for=image]"):
        box = page.locator(selector).bounding_box()
        assert min(box["width"], box["height"]) >= 44, selector


def test_every_control_has_a_name_for_screen_readers(page):
    tree = page.locator("body").aria_snapshot()
    for line in (
        'button "Undo"', 'button "Redo"', 'button "Clear"', 'button "Save PNG"', 'slider "Brush"',
        'button "Open picture"', "status:", 'heading "Number reader"',
    ):  # fmt: skip
        assert line in tree, tree


# Controls whose visible words are not in their name, which who speaks to the page would say in vain: [words, name].
UNSAID = """() => [...document.querySelectorAll("button, a, summary, input, [role=button], [role=radio]")].map(each => {
  const shown = each.labels?.[0] ?? each;
  const unseen = [...shown.querySelectorAll(".unseen")];
  const words = unseen.reduce((text, hidden) => text.replace(hidden.innerText, ""), shown.innerText);
  const named = (each.getAttribute("aria-labelledby") ?? "").split(" ").map(id => document.getElementById(id)?.innerText ?? "");
  return [words.trim(), each.getAttribute("aria-label") ?? (named.join(" ").trim() || words.trim())];
}).filter(([words, name]) => /[a-z0-9]/i.test(words) && !name.toLowerCase().includes(words.toLowerCase()))"""


def test_what_is_to_be_read_on_a_control_is_in_its_name_and_labels_come_in_order(page, hand):
    """For who controls the page by voice, or by a switch that goes through it."""
    hand.write("17")
    number(page)
    assert page.evaluate("document.querySelectorAll('button').length") > 40
    assert page.evaluate(UNSAID) == []
    page.evaluate("undo.setAttribute('aria-label', 'Take back')")
    assert page.evaluate(UNSAID) == [["Undo", "Take back"]]  # so it could fail
    page.evaluate("undo.removeAttribute('aria-label')")
    labels = page.locator("#labels button").all_inner_texts()
    assert labels[:10] == list("0123456789")
    places = page.locator("#labels button").evaluate_all(
        "all => all.slice(0, 10).map(each => each.getBoundingClientRect()).map(({x, y}) => [Math.round(y), x])"
    )
    assert places == sorted(places)  # as they are seen, too


def test_undo_works_from_the_keyboard(page, hand):
    hand.draw([[(400, 100), (400, 300)]])
    number(page)
    page.locator("#undo").focus()
    page.keyboard.press("Enter")
    assert page.get_attribute("#number", "data-state") == "empty"
    assert page.evaluate("document.activeElement.id") == "undo"


def test_light_and_dark_follow_the_system(page):
    colours = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        colours[scheme] = page.evaluate("[document.body, sheet].map(each => getComputedStyle(each).backgroundColor)")
    page.emulate_media(color_scheme="light")
    luminance = {
        scheme: [sum(map(int, colour[4:-1].split(", "))) for colour in pair] for scheme, pair in colours.items()
    }
    assert luminance["light"][0] > 600
    assert luminance["dark"][0] < 120
    assert luminance["dark"][1] > 600  # paper stays light, because ink is dark


def test_without_javascript_a_sentence_says_what_is_needed(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.url)
    assert "needs JavaScript and WebAssembly" in page.text_content("noscript")
    context.close()


def test_the_page_holds_no_inline_script_or_style(site):
    """A strict policy for content is to come."""
    tags = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag, attributes):
            tags.append((tag, dict(attributes)))

    Tags().feed(site.text("index.html"))
    assert len(tags) > 30
    for tag, attributes in tags:
        assert tag != "style"
        assert tag != "script" or "src" in attributes
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_a_whole_session_asks_no_other_host_and_nothing_in_vain(visits, site, outside):
    site.asked.clear()
    visit = visits()
    page, hand = visit.page, visit.hand
    wait_until_ready(page)
    hand.write("12")
    assert number(page) == "12"
    with page.expect_download():
        hand.press("#save")
    no_picture = {"name": "none.png", "mimeType": "image/png", "buffer": b"no picture"}
    page.set_input_files("#image", no_picture)
    page.wait_for_selector("#status:text('is a text file')")
    hand.press("#clear")
    hand.draw(lay_out("3"))
    assert number(page) == "3"

    home = urlsplit(site.url)
    abroad = [
        url for url in visit.requests
        if urlsplit(url).netloc != home.netloc and urlsplit(url).scheme not in ("blob", "data")
    ]  # fmt: skip
    assert abroad == []
    assert others(outside) == []
    assert visit.complaints == []
    # The record does see what the worker fetches.
    assert any(url.endswith("pyodide.asm.wasm.packed") for url in visit.requests)
    assert all(home.path in url for url in visit.requests if url.startswith("http"))
    missing = [name for name in site.asked if not site.has(name)]
    assert missing == []
