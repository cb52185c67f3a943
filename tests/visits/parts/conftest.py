"""Pyodide alone in each browser, whole and split: a test asks a new worker of either for something."""

import itertools

import pytest

from building.compiling.bytecode import NoCompiler
from building.sources.fetching import RuntimeUnavailable
from tests.browser.serving import Site
from tests.visits.parts.bare import bare_folders

SECONDS = 240


@pytest.fixture(scope="session")
def bare(tmp_path_factory, skip_or_fail):
    """The folder that has both."""
    try:
        return bare_folders(tmp_path_factory.mktemp("bare"))
    except (RuntimeUnavailable, NoCompiler) as error:
        skip_or_fail(f"Pyodide cannot be had alone: {error}")


@pytest.fixture(scope="module")
def bare_visit(new_visit, bare):
    """A visit to its page."""
    site = Site(bare)
    with new_visit() as visit:
        visit.navigate(site.url)
        yield visit
    site.close()


@pytest.fixture(scope="module")
def ask(bare_visit):
    """A function of "whole" or "split", the name of a function of asking.mjs and what it is given: what it comes to."""
    numbers = itertools.count()

    def ask(kind, work, *given):
        number = next(numbers)
        bare_visit.evaluate("(...asked) => void ask(...asked)", kind, number, work, *given)
        bare_visit.wait_for(f"answers[{number}] !== undefined || lacks !== null", SECONDS)
        return bare_visit.evaluate(f"lacks === null ? answers[{number}] : `lacks ${{lacks}}`")

    return ask
