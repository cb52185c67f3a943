"""rulings.py: lines are found where they were printed, against scikit-image's Hough transform too, and ink survives."""

import numpy as np
import pytest
from skimage.transform import hough_line, hough_line_peaks

from number_reader.ink import rulings
from number_reader.ink.noise import noise_level
from number_reader.ink.rulings import FAINTEST, MIN_SIDE, STEEPEST, STRIPS, WINDOW
from tests.number_reader import hand
from training.data.strokes import draw
from training.synthesis.paper import photograph

COURSE = 1.5  # px that a line may be found beside its true course
SHAPE = (300, 400)


def sheet(lines, depth=0.2, width=2.0, seed=0):
    """Grey paper with straight lines, (y at the left, y at the right)."""
    w = SHAPE[1]
    strokes = [np.array([np.linspace(0, w, 30), np.linspace(left, right, 30)]).T for left, right in lines]
    coverage = draw(strokes, width, SHAPE)
    return (0.9 - depth * coverage + np.random.default_rng(seed).normal(0, 0.01, SHAPE)).astype(np.float32)


def family(rise, apart=30):
    return [(y, y + rise) for y in range(-60, 400, apart)]


@pytest.mark.parametrize("rise", [0, -13, 40])
@pytest.mark.parametrize("depth", [0.05, 0.2, 0.6])
def test_every_line_is_found_on_its_course(rise, depth):
    inside = [(y0, y1) for y0, y1 in family(rise) if min(y0, y1) > 3 and max(y0, y1) < SHAPE[0] - 3]
    found = np.array([(line[0], line[-1]) for line in rulings.find_lines(sheet(family(rise), depth))])
    for line in inside:
        assert np.abs(found - line).max(axis=1).min() <= COURSE


def test_slopes_are_those_of_scikit_images_hough_transform():
    values = sheet(family(20))
    angles = np.linspace(np.pi / 2 - 0.15, np.pi / 2 + 0.15, 121)
    _, best, _ = hough_line_peaks(*hough_line(values < 0.8, theta=angles), num_peaks=5)
    slopes = [(line[-1] - line[0]) / SHAPE[1] for line in rulings.find_lines(values)]
    assert np.median(slopes) == pytest.approx(np.median(-1 / np.tan(best)), abs=0.005)


def test_paper_without_lines_comes_back_untouched():
    for digit in hand.DIGITS:
        plain = sheet([]) - 0.5 * hand.ink(digit, shape=SHAPE)
        assert rulings.remove_rulings(plain) is plain
    noise = np.random.default_rng(1).random(SHAPE, np.float32)
    assert rulings.remove_rulings(noise) is noise


def test_lines_of_one_digit_are_no_rulings():
    for digit in (1, 4, 7):  # as high as the picture
        ink = 0.9 - 0.6 * hand.ink(digit, height=280, brush=8, at=(10, 60), shape=SHAPE)
        assert rulings.remove_rulings(ink) is ink


@pytest.mark.parametrize("ground", [False, True], ids=["dark lines", "light lines"])
@pytest.mark.parametrize("rise", [0, 25])
def test_rulings_vanish_and_ink_that_crosses_them_stays(rise, ground):
    for digit in hand.DIGITS:
        clean = sheet([]) - 0.5 * hand.ink(digit, brush=8, shape=SHAPE)
        ruled = clean - (sheet([]) - sheet(family(rise)))
        found = rulings.remove_rulings(1 - ruled) if ground else rulings.remove_rulings(ruled)
        found = 1 - found if ground else found
        ink, expected = found < 0.65, clean < 0.65
        assert (ink & expected).sum() / (ink | expected).sum() > 0.85


@pytest.mark.parametrize(("paper", "at_least"), [("squared in light blue", 9), ("squared as dark as pencil", 8)])
def test_pencil_is_read_on_squares(recognizer, paper, at_least):
    right = 0
    for digit in hand.DIGITS:
        strokes = [np.array(stroke) for stroke in hand.DIGITS[digit]]
        photo = photograph(strokes, np.random.default_rng(digit), paper=paper, pen="pencil", turn=2, height=14)
        right += recognizer.read(photo).text == str(digit)
    assert right >= at_least


@pytest.mark.parametrize("y", [-60, 360])
def test_a_line_beside_the_picture_is_papered_over_nowhere(y):
    values = sheet(family(0))
    before = values.copy()
    rulings._paper_over(values, np.full(SHAPE[1], float(y)))
    np.testing.assert_array_equal(values, before)


def test_small_pictures_are_left_alone():
    ruled = sheet(family(0))
    for small in (ruled[: MIN_SIDE - 1], ruled[:, : MIN_SIDE - 1]):
        assert rulings.remove_rulings(small) is small
    assert rulings.remove_rulings(ruled[:MIN_SIDE]) is not ruled


# The picture as a whole.


@pytest.mark.parametrize("negative", [False, True], ids=["dark", "light"])
@pytest.mark.parametrize("ways", [["across"], ["upright"], ["across", "upright"]], ids="+".join)
def test_lines_of_every_kind_vanish(ways, negative):
    """What is left of them is no more than the paper's own grain."""
    ruled = sheet([])
    if "across" in ways:
        ruled = ruled - (sheet([]) - sheet(family(9)))
    if "upright" in ways:
        upright = draw([np.array([[x, -5], [x + 6, 305]], float) for x in range(15, 400, 35)], 2, SHAPE)
        ruled = ruled - 0.2 * upright
    found = rulings.remove_rulings(1 - ruled if negative else ruled)
    found = 1 - found if negative else found
    assert found.dtype == np.float32
    assert found.shape == SHAPE
    assert (ruled < 0.8).mean() > 0.04
    assert (found < 0.8).mean() < 0.0005
    assert np.abs(found - sheet([])).mean() < 0.015


def test_the_picture_itself_is_not_written_to():
    ruled = sheet(family(0))
    before = ruled.copy()
    assert rulings.remove_rulings(ruled) is not ruled
    np.testing.assert_array_equal(ruled, before)


# Ridges.


def test_ridges_are_where_a_row_is_darker_than_both_rows_beside_it():
    rng = np.random.default_rng(2)
    values, thin = rng.random((50, 200)).astype(np.float32), 4
    wide = 200 // STRIPS
    seen, middles = rulings.ridges(values, thin)
    assert seen.shape == (200 // wide, 50)
    assert middles.tolist() == [wide * k + wide / 2 for k in range(200 // wide)]
    threshold = 4 * noise_level(values[:, : 200 // wide * wide].reshape(50, -1, wide).mean(axis=2))
    ruled = values.copy()
    ruled[20:23] -= 2
    ruled[0:2] -= 2
    seen, _ = rulings.ridges(ruled, thin)
    for strip in range(0, 60, 7):
        profile = ruled[:, strip * wide : (strip + 1) * wide].mean(axis=1)
        for y in range(50):
            beside = profile[max(y - thin, 0)], profile[min(y + thin, 49)]
            assert seen[strip, y] == (min(beside) - profile[y] > threshold)
    assert seen[:, 20:23].all()
    assert not seen[:, 0:2].any(), "nothing lies above the first row"


@pytest.mark.parametrize(("depth", "seen"), [(0.9, False), (1.1, True)])
def test_the_faintest_ridge_on_even_paper(depth, seen):
    values = np.full((60, 300), 0.8, np.float32)
    values[30] -= depth * FAINTEST
    found, _ = rulings.ridges(values, 3)
    assert found[:, 30].all() == seen
    assert found.sum() == seen * len(found)


def test_a_picture_of_few_columns_has_a_strip_for_each():
    seen, middles = rulings.ridges(np.ones((9, 30), np.float32), 3)
    assert seen.shape == (30, 9)
    assert middles.tolist() == [k + 0.5 for k in range(30)]


# Votes and peaks.


def test_votes_are_counted_as_hough_has_it():
    rng = np.random.default_rng(3)
    w, h = 128, 24
    seen, middles = rng.random((8, h)) < 0.15, (np.arange(8) + 0.5) * 16
    slopes, heights, share, inside = rulings._vote(seen, middles, w)
    assert slopes[0] == -STEEPEST
    assert slopes[-1] == pytest.approx(STEEPEST, abs=1 / w)
    np.testing.assert_allclose(np.diff(slopes), 2 / w)  # a pixel at either side
    reach = -heights[0]
    assert heights.tolist() == list(range(-reach, h + reach))
    assert STEEPEST * w / 2 <= reach <= STEEPEST * w / 2 + 2
    assert share.shape == inside.shape == (len(slopes), len(heights))
    for k, slope in enumerate(slopes):
        rows = heights[:, None] + np.rint(slope * (middles - w / 2)).astype(int)
        within = (rows >= 0) & (rows < h)
        near = [
            [any(seen[s, max(y - 1, 0) : y + 2]) if ok else False for s, (y, ok) in enumerate(zip(*line))]
            for line in zip(rows, within)
        ]
        np.testing.assert_allclose(inside[k], within.mean(axis=1), atol=1e-6)
        np.testing.assert_allclose(share[k], np.sum(near, axis=1) / np.maximum(within.sum(axis=1), 1), atol=1e-6)


def test_a_bundle_of_lines_has_one_peak():
    slopes, heights = np.array([-0.1, 0.0, 0.1]), np.arange(-10, 90)
    share = np.zeros((3, 100), np.float32)
    share[1, 30], share[1, 36], share[0, 33] = 0.9, 0.8, 0.7  # at 20, 26 and 23: the same line
    share[1, 60], share[2, 75], share[2, 82] = 0.8, 0.75, 0.5  # at 50, 65 and 72
    share[0, 5] = 0.49
    before = share.copy()
    found = rulings._peaks(share, slopes, heights, 100, 3, 0.5)
    assert found == [(pytest.approx(0.9), 0, 20), (pytest.approx(0.8), 0, 50), (0.75, 0.1, 65), (0.5, 0.1, 72)]
    np.testing.assert_array_equal(share, before)
    # They meet 10 * 0.1 * w / 2 px from the middle: within the picture, or nearly.
    share[:] = 0
    share[1, 30], share[2, 41] = 0.9, 0.8
    assert len(rulings._peaks(share, slopes, heights, 100, 3, 0.5)) == 1
    assert len(rulings._peaks(share, slopes, heights, 90, 3, 0.5)) == 2
    assert rulings._peaks(share[:, :0], slopes, heights[:0], 100, 3, 0.5) == []


# Which lines are rulings.


def dashed(count, covered, apart=40):
    """Even paper with so many lines, each of them printed on a share of the width only."""
    values = np.full(SHAPE, 0.9, np.float32)
    for y in range(30, 30 + apart * count, apart):
        values[y : y + 2, : int(covered * SHAPE[1])] = 0.7
    return values


@pytest.mark.parametrize(
    ("count", "covered", "found"),
    [(4, 0.6, 4), (4, 0.4, 0), (3, 0.6, 0), (3, 0.8, 0), (3, 0.95, 3), (1, 1, 1), (5, 0.6, 5)],
)
def test_few_lines_must_be_whole_and_many_may_be_hidden_in_part(count, covered, found):
    lines = rulings.find_lines(dashed(count, covered))
    assert len(lines) == found
    for line in lines:
        assert line.shape == (SHAPE[1],)
        assert abs(line[10] - 30) % 40 == pytest.approx(0.5, abs=0.6)


def test_a_line_across_the_family_is_none_of_it():
    """It lies between two of them, and touches neither."""
    rise = 0.05 * SHAPE[1]
    values = sheet(family(0, apart=70)) - (sheet([]) - sheet([(45 - rise / 2, 45 + rise / 2)]))
    assert len(rulings.find_lines(sheet([(45 - rise / 2, 45 + rise / 2)]))) == 1, "alone it would be a line"
    lines = rulings.find_lines(values)
    assert len(lines) == 5
    for line in lines:
        assert np.ptp(line) < 3


def test_lines_that_perspective_spreads_are_one_family():
    rises = [(y, y + 0.22 * (y - 150)) for y in range(20, 290, 30)]
    found = np.array([(line[0], line[-1]) for line in rulings.find_lines(sheet(rises))])
    inside = [line for line in rises if 3 < line[1] < SHAPE[0] - 3]
    assert len(inside) == 8
    for line in inside:
        assert np.abs(found - line).max(axis=1).min() <= COURSE


def test_lines_that_cross_a_corner_are_found_by_their_family():
    corner = (-40, 15)  # as steep as the family, seen in a quarter of the width
    lines = [(y - 40, y + 15) for y in range(0, 300, 50)]
    assert len(rulings.find_lines(sheet([corner]))) == 0
    found = np.array([(line[0], line[-1]) for line in rulings.find_lines(sheet(lines))])
    assert np.abs(found - corner).max(axis=1).min() <= 2 * COURSE


def test_thick_lines_of_a_large_picture_are_rulings_too():
    values = np.full((900, 1200), 0.9, np.float32)
    for y in range(100, 900, 150):
        values[y : y + 6] = 0.7
    assert [round(line.mean()) for line in sorted(rulings.find_lines(values), key=np.mean)] == pytest.approx(
        [y + 2.5 for y in range(100, 900, 150)], abs=1
    )
    small = np.ascontiguousarray(values[:300, :400])
    assert rulings.find_lines(small) == []


@pytest.mark.parametrize(("rise", "found"), [(0, 18), (110, 0)])
def test_a_hatched_picture_has_no_rulings(rise, found):
    """Where more lines are found than fit side by side: only slanting ones, which leave the picture, can be so many."""
    shape = (200, 800)
    lines = [np.array([[0, y], [800, y + rise]], float) for y in range(-300, 600, 11)]
    assert len(rulings.find_lines((0.9 - 0.3 * draw(lines, 2, shape)).astype(np.float32))) == found


# A line's course.


def marks(course, strips=64, wide=6, height=200, seen=None):
    """Ridges along a course, (strips, height) bool, and the strips' middles."""
    middles = (np.arange(strips) + 0.5) * wide
    found = np.zeros((strips, height), bool)
    for strip in range(strips) if seen is None else seen:
        y = round(float(course(middles[strip])))
        found[strip, max(y - 1, 0) : y + 2] = True
    return found, middles


def bent(x):
    return 100 + 0.05 * (x - 192) + 3 * ((x - 192) / 192) ** 2


@pytest.mark.parametrize("slope", [0.05, 0.04])
def test_a_bent_line_is_followed(slope):
    found = rulings._follow(*marks(bent), slope, 100, 384, 5)
    np.testing.assert_allclose(found, bent(np.arange(384)), atol=0.35)


def test_strokes_beside_a_line_do_not_draw_it_to_them():
    seen, middles = marks(bent)
    for strip in range(10, 64, 6):
        y = round(bent(middles[strip]))
        seen[strip, y - 1 : y + 2] = False
        seen[strip, y + 3 : y + 5] = True
    found = rulings._follow(seen, middles, 0.05, 100, 384, 5)
    np.testing.assert_allclose(found, bent(np.arange(384)), atol=0.35)


def test_what_lies_off_the_line_by_more_than_a_pixel_is_left_out():
    seen, middles = marks(lambda x: 100)
    seen[::3] = np.arange(200) == 102
    found = rulings._follow(seen, middles, 0, 100, 384, 5)
    np.testing.assert_allclose(found, 100, atol=1e-6)


@pytest.mark.parametrize(("strips", "off"), [(6, 4 / 6), (7, 0)])
def test_but_six_strips_must_be_left(strips, off):
    seen, middles = marks(lambda x: 100, seen=range(20, 19 + strips))
    seen[50, 104] = True
    found = rulings._follow(seen, middles, 0, 100, 384, 5)
    np.testing.assert_allclose(found, 100 + off, atol=1e-6)


def test_a_line_seen_in_a_corner_is_a_parallel_of_the_straight_one():
    seen, middles = marks(lambda x: 102 + 0.05 * (x - 192), seen=range(40, 64))
    found = rulings._follow(seen, middles, 0.05, 100, 384, 5)
    np.testing.assert_allclose(found, 102 + 0.05 * (np.arange(384) - 192), atol=0.5)
    np.testing.assert_allclose(np.diff(found), 0.05, atol=1e-9)


@pytest.mark.parametrize(("strips", "off"), [(5, 0), (6, 2)])
def test_a_line_seen_in_hardly_any_strip_stays_where_it_is(strips, off):
    seen, middles = marks(lambda x: 102, seen=range(20, 20 + strips))
    found = rulings._follow(seen, middles, 0, 100, 384, 5)
    np.testing.assert_allclose(found, 100 + off)


@pytest.mark.parametrize("y", [0, 1, 198, 199])
def test_a_line_at_the_edge_of_the_picture_is_followed(y):
    seen, middles = marks(lambda x: y)
    found = rulings._follow(seen, middles, 0, y, 384, 5)
    np.testing.assert_allclose(found, y, atol=0.6)


def test_marks_farther_off_than_a_line_is_thick_are_not_its_own():
    for off, counts in ((5, True), (6, False), (-5, True), (-6, False)):
        seen = np.zeros((64, 200), bool)
        seen[:, 100 + off] = True
        found = rulings._follow(seen, (np.arange(64) + 0.5) * 6, 0, 100, 384, 5)
        np.testing.assert_allclose(found, 100 + off * counts, atol=1e-6)


# Papering over.

PAPERED = (60, 200)
LINE = (0.15, 0.3, 0.3, 0.15)  # how much darker its rows are, as shares of the paper


def paper_with_line(y=30, rows=LINE, paper=None, ink=None):
    """(paper as it was, the same with a line that begins at row y and with ink, the line's course)."""
    h, w = PAPERED
    paper = np.full(PAPERED, 0.9) if paper is None else paper
    ruled = paper.copy()
    for k, depth in enumerate(rows):
        if 0 <= y + k < h:
            ruled[y + k] *= 1 - depth
    if ink is not None:
        paper, ruled = np.where(ink, 0.1, paper), np.where(ink, 0.1, ruled)
    course = np.full(w, y + (len(rows) - 1) / 2)
    return paper.astype(np.float32), ruled.astype(np.float32), course


def papered(ruled, course):
    values = ruled.copy()
    rulings._paper_over(values, course)
    return values


across, along = np.meshgrid(np.linspace(0, 1, PAPERED[1]), np.linspace(0, 1, PAPERED[0]))
LIGHTS = {
    "even": 0.9 + 0 * across,
    "from the left": 0.9 - 0.5 * across,
    "from the right": 0.4 + 0.5 * across,
    "from above": 0.9 - 0.03 * along,
    "from below": 0.87 + 0.03 * along,
}


@pytest.mark.parametrize("rows", [(0.3,), (0.02, 0.02), LINE, (0.1, 0.3, 0.2, 0.3, 0.3, 0.1)], ids=str)
@pytest.mark.parametrize("light", LIGHTS)
def test_a_line_is_papered_over_whatever_the_light(light, rows):
    paper, ruled, course = paper_with_line(rows=rows, paper=LIGHTS[light])
    after = papered(ruled, course)
    np.testing.assert_allclose(after, paper, atol=0.002)
    band = slice(29, 31 + len(rows))
    beside = np.ones(PAPERED, bool)
    beside[band] = False
    if max(rows) > 0.1 or (
        "above" not in light and "below" not in light
    ):  # light that changes looks like a faint line's edge
        np.testing.assert_array_equal(after[beside], ruled[beside])


@pytest.mark.parametrize("y", [-2, -1, 0, 1, 2, 53, 54, 55, 56, 57, 58, 59])
def test_a_line_at_the_edge_is_papered_over_from_one_side(y):
    paper, ruled, course = paper_with_line(y)
    np.testing.assert_allclose(papered(ruled, course), paper, atol=0.002)


def test_a_line_may_leave_the_picture():
    h, w = PAPERED
    paper = np.full(PAPERED, 0.9, np.float32)
    course = np.linspace(-40, 100, w)
    ruled = paper.copy()
    for x, y in enumerate(np.rint(course).astype(int)):
        ruled[max(y - 1, 0) : max(y + 2, 0), x] = 0.6
    assert (ruled < 0.8).sum() > 2 * h
    np.testing.assert_allclose(papered(ruled, course), paper, atol=0.002)


def test_a_band_broader_than_rulings_are_stays():
    for count in range(1, 14):
        paper, ruled, course = paper_with_line(24, (0.3,) * count)
        left = papered(ruled, course)
        if count + 2 <= 2 * WINDOW - 6:
            np.testing.assert_allclose(left, paper, atol=0.002)
        elif count > 2 * WINDOW - 6:
            np.testing.assert_array_equal(left, ruled)


def test_where_no_line_is_nothing_changes():
    even = np.full(PAPERED, 0.9, np.float32)
    _, lighter, course = paper_with_line(rows=(-0.05, -0.1, -0.05))
    for values in (even, lighter):
        np.testing.assert_array_equal(papered(values, course), values)


def test_a_course_a_pixel_beside_the_line_will_do():
    paper, ruled, course = paper_with_line(rows=(0.3, 0.3))
    for off in (-1, 0, 1):
        np.testing.assert_allclose(papered(ruled, course + off), paper, atol=0.002)


SLANTS = [-1.0, -0.5, 0, 0.5, 1.0]


@pytest.mark.parametrize("slant", SLANTS)
def test_ink_that_crosses_a_line_is_carried_on(slant):
    y, x = np.mgrid[: PAPERED[0], : PAPERED[1]]
    ink = np.abs(x - 100 - slant * (y - 31.5)) < 6
    paper, ruled, course = paper_with_line(ink=ink)
    after = papered(ruled, course)
    assert ((after < 0.5) != ink).sum(axis=1).max() <= 3 * (slant != 0), "its sides may move by a pixel or two"
    far = np.abs(x - 100 - slant * (y - 31.5)) > 16
    np.testing.assert_allclose(after[far], paper[far], atol=0.002)


def test_ink_that_ends_at_a_line_or_lies_on_it_stays_but_no_farther():
    y, x = np.mgrid[: PAPERED[0], : PAPERED[1]]
    for ink in ((np.abs(x - 100) < 6) & (y < 20), (np.abs(x - 100) < 9) & (np.abs(y - 31.5) < 2)):
        _paper, ruled, course = paper_with_line(ink=ink)
        np.testing.assert_array_equal(papered(ruled, course) < 0.5, ink)


@pytest.mark.parametrize(("deeper", "stays"), [(1.05, False), (1.15, True), (1.5, True)])
def test_what_is_a_tenth_darker_than_the_line_is_ink_on_it(deeper, stays):
    paper, ruled, course = paper_with_line(rows=(0.3,) * 4)
    ruled[31:33, 90:110] = 0.9 * (1 - 0.3 * deeper)
    after = papered(ruled, course)
    np.testing.assert_allclose(after[31:33, 90:110], ruled[31, 100] if stays else 0.9, atol=0.002)
    after[31:33, 90:110] = 0.9
    np.testing.assert_allclose(after, paper, atol=0.002)


def test_up_and_down_left_and_right_are_alike():
    """With grain, ink and lines of many kinds."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[: PAPERED[0], : PAPERED[1]]
    for count in range(1, 12):
        rows = 0.05 + 0.3 * rng.random(count)
        begins = int(rng.integers(8, 40))
        ink = np.abs(x - 100 - rng.uniform(-1, 1) * (y - 30)) < 4
        _, ruled, course = paper_with_line(begins, rows, ink=ink)
        course[:] = begins + count // 2
        np.testing.assert_allclose(papered(ruled[::-1], 59 - course)[::-1], papered(ruled, course), atol=1e-5)
        ruled += rng.normal(0, 0.01, PAPERED).astype(np.float32)  # of what lies above it says how much grain there is
        np.testing.assert_allclose(papered(ruled[:, ::-1], course[::-1])[:, ::-1], papered(ruled, course), atol=1e-5)
