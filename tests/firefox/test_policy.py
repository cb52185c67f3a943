"""The page's policy in Firefox: what tries to reach another host is refused."""

from collections import Counter

import pytest

from tests.browser.attempts import REACHING, REFUSED
from tests.browser.serving import Outside
from tests.firefox.visit import Visit


@pytest.fixture(scope="module")
def visit(firefox, site):
    """Of its own, as Firefox complains of all that is refused."""
    visit = Visit()
    with firefox.connection(visit.hear) as connection:
        visit.start(connection)
        visit.open(site.url)
        assert visit.complaints == []
        yield visit


def test_nothing_reaches_another_host(visit):
    server = Outside()
    visit.evaluate(
        "void addEventListener('securitypolicyviolation', event => (window.told ??= []).push(event.effectiveDirective))"
    )
    for name, attempt in REACHING.items():
        visit.evaluate(f"async url => {{ try {{ await ({attempt}); }} catch {{}} }}", f"{server.url}/{name}")
    visit.wait_for(f"told.length >= {sum(REFUSED.values())}")
    server.close()
    assert server.asked == []
    assert Counter(visit.evaluate("told")) == REFUSED
