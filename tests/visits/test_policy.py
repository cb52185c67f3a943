"""The page's policy in every browser: what tries to reach another host is refused."""

from collections import Counter

import pytest

from tests.browser.attempts import REACHING, REFUSED
from tests.browser.serving import Outside

pytestmark = pytest.mark.thorough


def test_nothing_reaches_another_host(visit):
    """Not with the fixture `page`, as browsers complain of all that is refused."""
    assert visit.what_was_said()[0] == []
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
