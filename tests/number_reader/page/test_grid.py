"""Lines as dark as the ink go, strokes on them stay; what is writing is no line."""

import numpy as np
import pytest
from skimage.measure import label, regionprops

from number_reader.page import grid as grids
from number_reader.page import lines
from number_reader.segmentation.components import label_components


def without_lines(ink):
    """(mask, Grid) of an ink map or mask."""
    rest, grid, _ = grids.without_lines(ink.astype(np.float32))
    return rest, grid


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
    rows, columns = found.place([50, 50, 110, 5], [50, 110, 50, 5])
    assert rows.tolist() == [1, 1, 2, 0]
    assert columns.tolist() == [1, 2, 1, 0]
    assert found.cell == (60, 60)


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


def test_strokes_alone_stay_as_they_are():
    _, strokes = sheet()
    assert (without_lines(strokes)[0] == strokes).all()


def test_faint_lines_go_and_strokes_along_them_stay():
    grid, _ = sheet(thick=3)
    strokes = np.zeros_like(grid)
    for top in range(80, 380, 60):  # bars that lie on the lines across, as of a 7, and their stems
        strokes[top : top + 3, 100:130] = True
        strokes[top : top + 30, 127:130] = True
    rest, found = without_lines(np.where(strokes, 1.0, 0.4 * grid))
    assert found.is_table
    assert np.count_nonzero(rest & strokes) > 0.95 * np.count_nonzero(strokes)
    assert np.count_nonzero(rest & ~strokes) < 0.02 * np.count_nonzero(grid)


def test_on_dark_lines_strokes_that_stick_out_of_them_stay():
    grid, _ = sheet(thick=2)
    strokes = np.zeros_like(grid)
    for top in range(80, 380, 60):
        strokes[top : top + 4, 95:125] = True
        strokes[top : top + 30, 122:125] = True
    rest, _ = without_lines(grid | strokes)
    assert np.count_nonzero(rest & strokes) > 0.8 * np.count_nonzero(strokes)


def framed(inner, side=300, table=(60, 90, 200, 240)):
    """A mask of a frame (top, left, bottom, right) with so many lines upright within it."""
    mask = np.zeros((side, side), bool)
    top, left, bottom, right = table
    for y in (top, bottom):
        mask[y : y + 2, left : right + 2] = True
    for x in np.linspace(left, right, inner + 2).astype(int):
        mask[top : bottom + 2, x : x + 2] = True
    return mask


def test_a_small_frame_with_a_line_in_it_is_a_table():
    rest, found = without_lines(framed(1))
    assert found.is_table
    assert (len(found.across), len(found.upright)) == (2, 3)
    assert not rest.any()


def test_a_frame_alone_is_no_table():
    assert not without_lines(framed(0))[1].is_table


def test_a_line_in_crumbs_is_found_between_others():
    grid, _ = sheet(thick=2)
    rng = np.random.default_rng(3)
    for start in range(20, 400, 18):  # of the third line across, pieces too short to be one by themselves
        grid[140:142, start : start + int(rng.integers(4, 8))] = False
    assert len(without_lines(grid)[1].across) == len(without_lines(sheet()[0])[1].across)


def test_a_column_of_digits_parts_no_cells():
    grid, _ = sheet()
    ones = np.zeros_like(grid)
    for top in range(20, 380, 60):
        ones[top + 12 : top + 48, 110:113] = True
    rest, found = without_lines(grid | ones)
    assert len(found.upright) == len(without_lines(grid)[1].upright)
    assert np.count_nonzero(rest & ones) > 0.9 * np.count_nonzero(ones)


def test_digits_that_touch_across_a_line_are_parted():
    grid, _ = sheet()
    strokes = np.zeros_like(grid)
    strokes[90:190, 110:114] = True  # a stroke through the line at 140
    strokes[90:127, 230:234] = strokes[120:150, 234:238] = True  # and one that only ends below it
    rest, found = without_lines(grid | strokes)
    labels, boxes, _ = label_components(rest)
    labels, boxes, areas, places = grids.parted(found, labels, boxes)
    assert sorted(map(tuple, places.tolist())) == [(2, 2), (2, 4), (3, 2)]
    # Boxes and areas are those of the labels.
    expected = [(each.bbox, each.area) for each in regionprops(labels)]
    assert [(tuple(box), area) for box, area in zip(boxes.tolist(), areas.tolist())] == expected


def test_runs_are_as_long_as_components_of_a_column():
    mask = np.random.default_rng(0).random((40, 30)) < 0.6
    runs = lines.runs_of(mask)
    for x in range(mask.shape[1]):
        for region in regionprops(label(mask[:, x : x + 1], connectivity=1)):
            assert (runs[region.coords[:, 0], x] == region.area).all()
        assert not runs[~mask[:, x], x].any()
