"""Lines as dark as the ink go, strokes on them stay; what is writing is no line."""

import numpy as np
import pytest

from number_reader.page.grid import without_lines


def sheet(pitch=60, thick=2, bend=0.0, slope=0.0, side=420):
    """A mask of a grid, and the same with strokes that cross its lines: (grid, strokes)."""
    grid = np.zeros((side, side), bool)
    along = np.arange(side)
    for start in range(20, side - 20, pitch):
        course = np.rint(start + slope * along + bend * ((along - side / 2) / side) ** 2).astype(int)
        for k in range(thick):
            inside = (course + k >= 0) & (course + k < side)
            grid[course[inside] + k, along[inside]] = True
            grid[along[inside], course[inside] + k] = True
    strokes = np.zeros_like(grid)
    for top in range(40, side - 60, pitch):
        for left in range(40, side - 60, pitch):
            strokes[top : top + 30, left : left + 3] = True  # upright, and down to the line below or over it
            strokes[top : top + 3, left : left + 16] = True
    return grid, strokes


@pytest.mark.parametrize("thick", [1, 2, 4])
@pytest.mark.parametrize(("bend", "slope"), [(0, 0), (12, 0), (0, 0.03)])
def test_a_grid_goes_and_the_strokes_across_it_stay(thick, bend, slope):
    grid, strokes = sheet(thick=thick, bend=bend, slope=slope)
    rest, found = without_lines(grid | strokes)
    assert found.is_table
    assert np.count_nonzero(rest & ~strokes) < 0.02 * np.count_nonzero(grid)
    assert np.count_nonzero(rest & strokes) > 0.9 * np.count_nonzero(strokes)


def test_cells_are_where_lines_cross():
    _, found = without_lines(sheet()[0])
    assert found.place(50, 50) == (1, 1)
    assert found.place(50, 110) == (1, 2)
    assert found.place(110, 50) == (2, 1)
    assert found.place(5, 5) == (0, 0)


def test_double_lines_are_one_border():
    grid, _ = sheet()
    double = grid | np.roll(grid, 6, axis=0)
    assert len(without_lines(double)[1].across) == len(without_lines(grid)[1].across)


def test_ones_are_no_lines():
    ones = np.zeros((300, 300), bool)
    for left in range(30, 270, 40):
        ones[20:280, left : left + 3] = True
    rest, found = without_lines(ones)
    assert (rest == ones).all()
    assert not found.upright


def test_the_mask_itself_comes_back_where_there_is_no_line():
    _, strokes = sheet()
    assert without_lines(strokes)[0] is strokes
