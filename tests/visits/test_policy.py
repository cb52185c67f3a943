"""The page's policy in every browser: what tries to reach another host is refused, and what makes code of a text."""

from collections import Counter

import pytest

from tests.browser.attempts import REACHING, REFUSED
from tests.browser.hand import lay_out
from tests.browser.serving import Outside

pytestmark = pytest.mark.thorough

# What comes of making code of a text on the page, and in a worker that has the page's policy, as those of Python. In timers:
# what a driver itself has a page run may do it.
MAKE = """() => [() => eval("'ran'"), () => Function("return 'ran'")()].map(make => {
  try { return make(); } catch (error) { return error.name; }
})"""
ON_THE_PAGE = f"new Promise(end => setTimeout(() => end(({MAKE})())))"
IN_A_WORKER = """make => new Promise(end => {
  const script = `postMessage((${make})())`;
  const worker = new Worker(URL.createObjectURL(new Blob([script], {type: "text/javascript"})), {type: "module"});
  worker.onmessage = ({data}) => end(data);
})"""


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


def test_no_text_becomes_code(visit):
    assert visit.evaluate(ON_THE_PAGE) == ["EvalError", "EvalError"]
    assert visit.evaluate(IN_A_WORKER, MAKE) == ["EvalError", "EvalError"]
    visit.draw(lay_out("47"))
    assert visit.number() == "47"
