"""ways.py: the cheapest way against all ways, with and without what it costs that a kind follows another."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from number_reader.lattice.ways import cheapest

KINDS = 3


@dataclass(frozen=True)
class Edge:
    start: int
    end: int
    number: int


@st.composite
def lattices(draw):
    """(edges, costs, kinds, steps, end): every piece is an edge, too, so that there is a way; some are left out."""
    end = draw(st.integers(1, 5))
    spans = [(k, k + 1) for k in range(end)]
    more = st.integers(0, end - 1).flatmap(lambda s: st.tuples(st.just(s), st.integers(s + 1, min(s + 3, end))))
    spans = sorted(spans + draw(st.lists(more, max_size=6)))
    kinds = draw(st.lists(st.none() | st.integers(0, KINDS - 1), min_size=len(spans), max_size=len(spans)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    edges = [Edge(*span, k) for k, span in enumerate(spans)]
    return edges, rng.normal(size=len(edges)), kinds, rng.normal(0, 2, (KINDS + 1, KINDS + 1)), end


def all_ways(edges, end, start=0):
    if start == end:
        yield []
    for edge in edges:
        if edge.start == start:
            for rest in all_ways(edges, end, edge.end):
                yield [edge, *rest]


def price(way, costs, kinds=None, steps=None):
    found = sum(costs[edge.number] for edge in way)
    if kinds is None:
        return found
    seen = [kinds[edge.number] for edge in way if kinds[edge.number] is not None]
    return found + sum(steps[a, b] for a, b in zip([KINDS, *seen], [*seen, KINDS]))


@given(lattices())
def test_the_way_is_the_cheapest_of_all_where_order_costs(made):
    edges, costs, kinds, steps, end = made
    way = cheapest(edges, costs, end, kinds, steps)
    assert way in list(all_ways(edges, end))
    least = min(price(each, costs, kinds, steps) for each in all_ways(edges, end))
    assert price(way, costs, kinds, steps) == pytest.approx(least, abs=1e-6)


@given(lattices())
def test_the_way_is_the_cheapest_of_all_where_no_order_costs(made):
    edges, costs, _, _, end = made
    way = cheapest(edges, costs, end)
    assert way in list(all_ways(edges, end))
    assert price(way, costs) == pytest.approx(min(price(each, costs) for each in all_ways(edges, end)), abs=1e-6)


def test_what_is_left_out_parts_no_kinds():
    """0 after 1 costs much: to leave out what stands between them makes it no better."""
    edges = [Edge(0, 1, 0), Edge(1, 2, 1), Edge(1, 2, 2), Edge(2, 3, 3)]
    steps = np.zeros((KINDS + 1, KINDS + 1))
    steps[1, 0] = 10
    way = cheapest(edges, np.array([0, 0, 3, 0]), 3, [1, None, 2, 0], steps)
    assert [edge.number for edge in way] == [0, 2, 3]
    assert [edge.number for edge in cheapest(edges, np.array([0, 0, 11, 0]), 3, [1, None, 2, 0], steps)] == [0, 1, 3]


def test_how_a_line_begins_and_ends_costs_too():
    edges = [Edge(0, 1, k) for k in range(3)]
    steps = np.zeros((KINDS + 1, KINDS + 1))
    steps[KINDS, 0] = steps[1, KINDS] = 5
    assert cheapest(edges, np.array([0, 0, 1]), 1, [0, 1, 2], steps)[0].number == 2


def test_all_may_be_left_out():
    edges = [Edge(0, 1, 0), Edge(1, 2, 1)]
    assert cheapest(edges, np.zeros(2), 2, [None, None], np.ones((KINDS + 1, KINDS + 1))) == edges


def test_a_line_of_nothing_has_no_way():
    assert cheapest([], np.zeros(0), 0) == []
