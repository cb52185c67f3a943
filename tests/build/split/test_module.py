"""A module taken apart and put together: the same bytes, or a refusal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from building.split.module import EXPORT, MAGIC, Module, parsed, referenced, rewritten
from building.split.numbers import Reader, SplitError
from tests.build.split.conftest import SLOTS


def test_every_module_of_the_runtime_is_put_together_as_it_was(published):
    assert len(published) == 15
    for name, data in published.items():
        module = parsed(data)
        assert bytes(module) == bytes(rewritten(module)) == data, name


def test_its_parts(small):
    module = parsed(small)
    assert [each.name for each in module.exports()] == [b"table", b"memory", b"sum", b"hot", b"cold", b"entry"]
    assert [(each.module, each.name) for each in module.imports()] == [(b"env", b"twice")]
    assert [list(referenced(each)) for each in module.items(9)] == [list(SLOTS)]
    assert module.start() is None


def test_a_section_is_put_at_its_place():
    module = Module([(0, b"\4name"), (1, b"\0"), (10, b"\0")])
    module.put(3, b"\0")
    module.put(EXPORT, b"\0")
    module.put(1, b"\0\0")
    module.put(11, b"\0")
    assert [number for number, _ in module.sections] == [0, 1, 3, 7, 10, 11]
    assert module.get(1) == b"\0\0"


@pytest.mark.parametrize(
    "sections",
    [
        "0e 01 00",  # a section of no number
        "03 01 00 01 01 00",  # in another order
        "01 81 00 00",  # a size in two bytes
        "01 02 01 50",  # a type of no function
        "04 04 01 70 04 00",  # a table of 64 bits
        "05 03 01 03 01",  # memory that is shared
        "02 06 01 00 00 09 00 00",  # an import of no kind
        "06 07 01 7f 00 43 00 00 00",  # a constant without its end
        "06 05 01 7f 00 11 0b",  # an instruction that no constant has
        "09 03 01 08 00",  # elements of no kind
        "0b 03 01 03 00",  # data of no kind
        "07 02 00 00",  # goes on after its end
    ],
)
def test_what_is_not_known_is_refused(sections):
    with pytest.raises(SplitError):
        parsed(MAGIC + bytes.fromhex(sections))


@pytest.mark.parametrize(
    ("element", "functions"),
    [
        ("00 41 00 0b 02 03 04", [3, 4]),
        ("01 00 01 05", [5]),
        ("02 01 41 00 0b 00 01 06", [6]),
        ("04 41 00 0b 02 d2 07 0b d0 70 0b", [7]),
        ("05 70 01 d2 08 0b", [8]),
        ("06 00 23 00 0b 70 01 d2 09 0b", [9]),
    ],
)
def test_elements_of_each_kind(element, functions):
    assert list(referenced(bytes.fromhex(element))) == functions


@given(data=st.data())
def test_a_damaged_module_is_refused_or_is_another_whole_one(small, data):
    """Nothing but SplitError is raised, and what is taken apart is what is put together."""
    at = data.draw(st.integers(0, len(small) - 1))
    damaged = bytearray(small)
    damaged[at] = data.draw(st.integers(0, 255))
    whole = bytes(damaged[: data.draw(st.integers(0, len(small)))] if data.draw(st.booleans()) else damaged)
    try:
        assert bytes(parsed(whole)) == whole
    except SplitError:
        pass


def test_no_module_at_all():
    with pytest.raises(SplitError):
        parsed(b"<!doctype html>")
    assert Reader(b"").has_more is False
