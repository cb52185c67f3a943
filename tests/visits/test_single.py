"""The page in one file, in every browser: opened from a folder, with no server."""

import base64

import pytest

from tests.browser.hand import lay_out
from tests.browser.picture_files import encoded, handwriting
from tests.visits.test_paths import VOTERS_ARE_DRAWN
from tests.visits.test_pictures import PASTE_HTML, photograph, told
from tests.visits.test_policy import IN_A_WORKER, MAKE, ON_THE_PAGE

pytestmark = pytest.mark.thorough

OWN = ("file:", "data:", "blob:")


@pytest.fixture(scope="module")
def visit(new_visit, single_file):
    with new_visit() as visit:
        visit.open(single_file.as_uri())
        yield visit
        complaints, requests = visit.what_was_said()
    assert complaints == []
    assert [url for url in requests if not url.startswith(OWN)] == []


def test_it_reads_what_is_written_and_shows_why(visit):
    visit.draw(lay_out("47"))
    assert visit.number() == "47"
    assert visit.text("#offline") == "Works offline, all in this file"
    visit.press("#number > span:nth-child(2)")
    visit.press("#candidates button")
    visit.wait_for(VOTERS_ARE_DRAWN)
    assert visit.text("#why-title") == "Why digit 2 is read as 7"
    visit.press("#why-close")


def test_a_sample_is_read(visit):
    visit.press("#samples button:nth-child(2)")
    visit.wait_for("document.getElementById('source').textContent.startsWith('Sample')")
    assert visit.number().replace("\n", "").isdigit()
    visit.to_pad()
    visit.press("#clear")


def test_pictures_of_48_megapixels_and_in_copied_html_are_read_and_a_cut_one_is_said(visit, tmp_path):
    """In WebKit the page itself decodes."""
    photo = photograph(6_000, 8_000, 6)
    for name, content in {"large.jpg": photo, "cut.jpg": photo[:9000]}.items():
        (tmp_path / name).write_bytes(content)
    visit.choose_file("#image", tmp_path / "large.jpg")
    visit.wait_for_text("#source", "large.jpg")
    assert visit.number() == "4071"
    assert abs(visit.evaluate("raw.width / raw.height") - 0.75) < 0.01
    visit.choose_file("#image", tmp_path / "cut.jpg")
    told(visit, "cut.jpg did not come whole")
    assert visit.number() == "4071"
    picture = base64.b64encode(encoded(handwriting("528"))).decode()
    visit.evaluate(PASTE_HTML, f"<img src='data:image/png;base64,{picture}'>")
    visit.wait_for_text("#source", "Pasted picture")
    assert visit.number() == "528"
    visit.to_pad()
    visit.press("#clear")


def test_what_is_taught_and_drawn_is_there_after_a_reload(visit):
    visit.draw(lay_out("7"))
    assert visit.number() == "7"
    visit.key("1")
    visit.wait_for_text("#taught-count", "1 digit")
    visit.reload()
    visit.wait_for_text("#taught-count", "1 digit")
    visit.wait_for_text("#number", "1")


def test_no_text_becomes_code(visit):
    """Last, as browsers complain of this."""
    complaints, requests = visit.what_was_said()
    assert complaints == []
    assert [url for url in requests if not url.startswith(OWN)] == []
    assert visit.evaluate(ON_THE_PAGE) == ["EvalError", "EvalError"]
    assert visit.evaluate(IN_A_WORKER, MAKE) == ["EvalError", "EvalError"]
    visit.what_was_said()
