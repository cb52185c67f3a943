"""The page in one file, in every browser: opened from a folder, with no server."""

import pytest

from tests.browser.hand import lay_out
from tests.visits.test_paths import VOTERS_ARE_DRAWN

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
    visit.press("#candidates li:nth-child(2) button")
    visit.wait_for(VOTERS_ARE_DRAWN)
    assert visit.text("#why-title") == "Why digit 2 is read as 7"
    visit.press("#why-close")


def test_a_sample_is_read(visit):
    visit.press("#samples button:nth-child(2)")
    visit.wait_for("document.getElementById('source').textContent.startsWith('Sample')")
    assert visit.number().replace("\n", "").isdigit()
    visit.press("#clear")


def test_what_is_taught_and_drawn_is_there_after_a_reload(visit):
    visit.draw(lay_out("7"))
    assert visit.number() == "7"
    visit.key("1")
    visit.wait_for_text("#taught-count", "1 digit")
    visit.reload()
    visit.wait_for_text("#taught-count", "1 digit")
    visit.wait_for_text("#number", "1")
