"""What is shipped of Python's library and of numpy is enough for everything that goes wrong: each wrong input is told
as where all of both is, each fault prints its traceback, and no module is missed on the way.
"""

import io

import pytest

from number_reader import ModelError, Recognizer
from number_reader.storage import taught
from tests.browser.bad_inputs import (
    ASKED,
    FAULTS,
    GRUMBLES,
    ask,
    bad_models,
    bad_taught,
    hand_files,
    missing,
    run,
    worker_with_doors,
)
from tests.browser.hand import number, wait_until_ready
from tests.browser.keeping.test_offline import wait_until
from tests.browser.serving import replaced_by

pytestmark = pytest.mark.thorough

OWN_WORDS = "is damaged or no NPZ file: "  # of zipfile and zlib follow, which differ between versions of Python
# Looked for, and not there where all of the library is, but for difflib: traceback guesses with it which keyword was
# mistyped, and does without. What is shipped has no such mistakes.
KNOWN = {"difflib", "encodings.nothing", "nothing_of_this_name"}


@pytest.fixture(scope="module")
def worker(visits, site):
    """A visit whose worker has the tests' doors."""
    site.faults["worker.py"] = replaced_by(worker_with_doors(site.text("worker.py")))
    visit = visits()
    wait_until_ready(visit.page)
    site.faults.clear()
    return visit


@pytest.fixture(autouse=True)
def nothing_is_missed(worker):
    yield
    assert set(missing(worker.page)) <= KNOWN


def told(load, error):
    """A function that says of a file what `load` does."""

    def tell(content):
        try:
            load(io.BytesIO(content))
        except error as reason:
            return str(reason)
        return ""

    return tell


def without_own_words(answers):
    return {name: answer.partition(OWN_WORDS)[0] for name, answer in answers.items()}


@pytest.mark.parametrize(
    ("door", "files", "tell"),
    [
        ("unpack", bad_taught, told(taught.unpack, taught.TaughtError)),
        ("load_model", bad_models, told(Recognizer.load, ModelError)),
    ],
    ids=["taught digits", "models"],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_wrong_file_is_told_as_by_this_machine_s_python(worker, door, files, tell):
    files = files()
    expected = {name: tell(content) for name, content in files.items()}
    assert len(set(expected.values())) > 20
    assert expected["right"] == ""
    assert all(expected[name] for name in files if name.startswith(("cut", "glyphs", "claim", "bomb")))
    assert without_own_words(hand_files(worker.page, door, files)) == without_own_words(expected)


@pytest.mark.parametrize("door", dict.fromkeys(door for door, *_ in ASKED))
def test_what_else_is_wrong_is_told_or_raised(worker, door):
    for arguments, expected in [each[1:] for each in ASKED if each[0] == door]:
        said = ask(worker.page, door, arguments)
        assert said.startswith(expected) or f"\n{expected}" in said, (arguments, said)
        assert bool(said) == bool(expected), (arguments, said)


def test_every_fault_prints_its_traceback(worker):
    for source, said in run(worker.page, list(FAULTS)).items():
        assert "Traceback (most recent call last):" in said, source
        assert f"\n{FAULTS[source]}" in said or f"| {FAULTS[source]}" in said, (source, said)


def test_what_is_only_grumbled_at_is_heard(worker):
    for source, expected in GRUMBLES.items():
        worker.complaints.clear()
        assert run(worker.page, [source]) == {source: "None"}
        wait_until(worker.page, lambda: any(expected in each for each in worker.complaints))  # noqa: B023
    worker.complaints.clear()


def test_a_worker_that_has_seen_all_of_it_reads_on(worker):
    worker.hand.write("2049")
    assert number(worker.page) == "2049"
