"""What the page says of itself: how it works, what is kept, licences; and what it says where it cannot run."""

import pytest

from tests.browser.conftest import LAPTOP, PHONE, others
from tests.browser.picture_files import AS_PHONE

SCREENS = {"laptop": {"viewport": LAPTOP}, "phone": {"viewport": PHONE, **AS_PHONE}}
NEEDED = "needs JavaScript and WebAssembly"


@pytest.fixture(scope="module", params=SCREENS)
def about(visits, request):
    """The page with the section opened. It needs no Python for that."""
    visit = visits(**SCREENS[request.param])
    visit.page.locator("#about summary").click()
    return visit.page


def test_it_says_how_it_works_in_five_steps(about):
    assert about.locator("#about ol li").count() == 5
    text = about.locator("#about").inner_text()
    for words in ("k-nearest neighbours", "Python in your browser", "refused, not guessed"):
        assert words in text


def test_it_says_what_is_kept_and_that_nothing_leaves_the_device(about):
    text = about.locator("#about").inner_text()
    assert "Nothing leaves this device" in text
    assert "stays in this browser" in text
    for words in ("close the tab", "until you forget it", "until you clear it with “Clear sheet”"):
        assert words in text


def test_version_licences_and_sources_are_named(about, site):
    text = about.locator("#about").inner_text()
    version = about.locator("footer").inner_text().split()[-1]
    assert version[0].isdigit()
    assert f"Number reader {version}, MIT licence" in text
    card = site.path("model/README.md").read_text("utf-8")
    for name in ("Yann LeCun", "JC-ProgJava", "I. Guyon", "B. Lake"):
        assert name in text
        assert name in card
    assert "CC BY-SA 4.0" in text
    for name, licence in (
        ("PyScript", "Apache 2.0"), ("MicroPython", "MIT"), ("Pyodide", "MPL 2.0"), ("CPython", "PSF 2.0"),
        ("numpy", "BSD 3-Clause"),
    ):  # fmt: skip
        line = about.locator("#about li", has=about.get_by_role("link", name=name, exact=True)).inner_text()
        assert any(character.isdigit() for character in line.split()[1])
        assert line.endswith(f"({licence})")


def test_our_licence_is_part_of_the_page(about):
    answer = about.request.get(about.get_by_role("link", name="MIT licence").evaluate("link => link.href"))
    assert answer.ok
    assert answer.text().startswith("MIT License")


def test_links_elsewhere_are_only_followed_by_hand(about, outside):
    links = about.locator("#about a").evaluate_all("links => links.map(link => link.href)")
    assert len([link for link in links if link.startswith("https://")]) >= 5
    assert others(outside) == []


def test_the_samples_wait_until_they_are_needed(about):
    assert about.locator("#samples img").evaluate_all("all => all.map(image => image.loading)") == ["lazy"] * 4


@pytest.mark.parametrize("screen", SCREENS)
def test_without_javascript_one_sentence_says_what_is_needed(browser, site, screen):
    context = browser.new_context(java_script_enabled=False, **SCREENS[screen])
    page = context.new_page()
    page.goto(site.url)
    assert page.locator("noscript p").is_visible()
    assert NEEDED in page.locator("noscript p").inner_text()
    assert not page.locator("#status").is_visible()  # nothing is loading
    page.locator("#about summary").click()
    assert page.locator("#about ol").is_visible()
    context.close()


def test_without_webassembly_one_sentence_says_so_and_stays(browser, site):
    context = browser.new_context()
    context.add_init_script("delete globalThis.WebAssembly")
    page = context.new_page()
    page.goto(site.url)
    page.wait_for_selector("body[data-app=error]")
    page.wait_for_timeout(4000)  # PyScript fails meanwhile, for reasons that would say nothing to anybody
    words = page.inner_text("#status")
    assert words.startswith("This page needs WebAssembly, which this browser lacks or does not allow. Lockdown Mode")
    context.close()


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("MIT licence", "MIT License"),
        ("its card", "Licence**: CC BY-SA 4.0"),
        ("Apache 2.0", "Andrea Giammarchi"),
        ("MPL 2.0", "Mozilla Public License Version 2.0"),
        ("PSF 2.0", "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2"),
        ("BSD 3-Clause", "NumPy Developers"),
        ("MIT", "Damien P. George"),
        ("All of it, with whose it is and where its source lies", "WHAT THIS PAGE REDISTRIBUTES"),
    ],
)
def test_each_licence_is_a_click_away(about, link, words):
    answer = about.request.get(about.get_by_role("link", name=link, exact=True).evaluate("link => link.href"))
    assert answer.ok
    assert words in answer.text()
