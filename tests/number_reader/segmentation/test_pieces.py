"""pieces.py: the ink of pieces, whole and cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from number_reader.ink.image import INK_LEVEL
from number_reader.segmentation.cuts import seams
from number_reader.segmentation.dots import close, gap_of
from number_reader.segmentation.effort import MOST, PIXELS
from number_reader.segmentation.pieces import InkPieces
from number_reader.segmentation.segment import components
from tests.number_reader import hand


def touching(text="352", pitch=85):
    """Ink of digits that run into each other."""
    return np.maximum.reduce([hand.ink(int(c), 150, 20, (30, 30 + pitch * i), (220, 460)) for i, c in enumerate(text)])


def whole(ink, pieces, numbers):
    """The crop of some pieces on a sheet as large as the ink."""
    (top, left, bottom, right), crop = pieces.ink(numbers)
    assert crop.shape == (bottom - top, right - left)
    sheet = np.zeros(ink.shape, np.float32)
    sheet[top:bottom, left:right] = crop
    return sheet


def assert_tight(box, mask):
    ys, xs = np.nonzero(mask)
    assert box == (ys.min(), xs.min(), ys.max() + 1, xs.max() + 1)
    assert all(type(side) is int for side in box)


def assert_parted(ink, pieces, before, parts):
    """Parts have together the ink of the whole, each pixel once, in tight boxes."""
    masks = [whole(ink, pieces, [part]) > INK_LEVEL for part in parts]
    for part, mask in zip(parts, masks):
        assert_tight(pieces.boxes[part], mask)
    np.testing.assert_array_equal(np.sum(masks, axis=0, dtype=int), before > INK_LEVEL)
    np.testing.assert_array_equal(whole(ink, pieces, parts), before)


def test_no_ink_is_no_piece():
    assert InkPieces(np.zeros((20, 30), np.float32)).boxes == []


def test_a_piece_shows_its_own_ink_and_nothing_of_its_neighbours():
    ink = hand.row("2575", shape=(240, 760))
    pieces = InkPieces(ink)
    assert len(pieces.boxes) == 4
    in_order = sorted(range(4), key=lambda number: pieces.boxes[number][1])
    for number, digit, at in zip(in_order, (2, 5, 7, 5), (40, 220, 400, 580)):
        alone = hand.ink(digit, 150, 16, (40, at), ink.shape)
        sheet = whole(ink, pieces, [number])
        np.testing.assert_array_equal(sheet > INK_LEVEL, alone > INK_LEVEL)
        assert_tight(pieces.boxes[number], sheet > INK_LEVEL)


def test_a_piece_within_the_box_of_another_is_left_out():
    ink = hand.ink(0)
    ink[130:150, 110:130] = 1
    pieces = InkPieces(ink)
    sizes = [box[2] - box[0] for box in pieces.boxes]
    large, small = int(np.argmax(sizes)), int(np.argmin(sizes))
    assert not whole(ink, pieces, [large])[125:155, 105:135].any()
    assert whole(ink, pieces, [large, small])[130:150, 110:130].all()


def test_the_soft_edge_comes_along():
    """Ink too faint to be part of a component lies around it, and belongs to the digit's shape."""
    ink = hand.ink(3)
    pieces = InkPieces(ink)
    assert whole(ink, pieces, [0]).sum() == pytest.approx(ink.sum(), rel=1e-3)


@pytest.mark.parametrize("text", ["352", "44", "808", "7"])
@pytest.mark.parametrize("most", [0, 1, 3, 7])
def test_parts_have_together_the_ink_of_the_whole(text, most):
    ink = touching(text)
    pieces = InkPieces(ink)
    before = whole(ink, pieces, [0])
    parts, prices = pieces.cut(0, most)
    assert len(parts) == len(prices) + 1 <= most + 1
    assert parts[0] == 0
    assert len(set(parts)) == len(parts)
    assert_parted(ink, pieces, before, parts)


def test_parts_come_from_left_to_right():
    ink = touching()
    pieces = InkPieces(ink)
    parts, _ = pieces.cut(0, 6)
    assert len(parts) > 2
    middles = [np.nonzero(whole(ink, pieces, [part]))[1].mean() for part in parts]
    assert middles == sorted(middles)


def test_a_cut_leaves_other_pieces_alone():
    ink = np.concatenate([touching("35"), touching("82"), hand.row("17")[:, :460]])
    pieces = InkPieces(ink)
    boxes = list(pieces.boxes)
    sheets = [whole(ink, pieces, [number]) for number in range(len(boxes))]
    pieces.cut(0, 5)
    pieces.cut(1, 5)
    assert len(pieces.boxes) > len(boxes)
    assert pieces.boxes[2 : len(boxes)] == boxes[2:]
    for number in range(2, len(boxes)):
        np.testing.assert_array_equal(whole(ink, pieces, [number]), sheets[number])


def test_a_crop_is_a_pixel_wider_on_all_sides_as_far_as_there_are_pixels():
    ink = np.zeros((60, 80), np.float32)
    ink[20:40, 30:50] = 1
    ink[:8, :8] = ink[-8:, -8:] = 1
    pieces = InkPieces(ink)
    crops = {pieces.ink([number])[0] for number in range(3)}
    assert crops == {(19, 29, 41, 51), (0, 0, 9, 9), (51, 71, 60, 80)}


def test_a_look_costs_more_the_more_ink_is_looked_at_and_a_cut_as_many_as_are_asked_for():
    ink = np.zeros((400, 600), np.float32)
    ink[100:300, 200:450] = 1
    pieces = InkPieces(ink)
    pieces.ink([0])
    assert pieces._effort.left == pytest.approx(MOST - 1 - 200 * 250 / PIXELS)
    before = pieces._effort.left
    pieces.cut(0, 3)
    assert pieces._effort.left == before - 3


def test_a_cut_tells_the_prices_of_its_seams():
    ink = touching("44")
    pieces = InkPieces(ink)
    top, left, bottom, right = pieces.boxes[0]
    found = seams(np.where(ink > INK_LEVEL, ink, 0)[top:bottom, left:right], 3)
    assert pieces.cut(0, 3)[1] == [price for price, _ in found]
    assert len(found) > 1


def test_the_column_of_a_seam_belongs_to_what_is_on_its_right():
    ink = np.zeros((40, 60), np.float32)
    ink[10:30, 10:50] = 1
    ink[10:30, 29:31] = INK_LEVEL + 0.01
    ink[12:28, 29:31] = 0
    pieces = InkPieces(ink)
    top, left, bottom, right = pieces.boxes[0]
    [(_, path)] = seams(ink[top:bottom, left:right], 1)
    _, last = pieces.cut(0, 1)[0]
    sheet = whole(ink, pieces, [last]) > INK_LEVEL
    mine = np.arange(left, right) >= left + path[:, None]
    np.testing.assert_array_equal(sheet[top:bottom, left:right], (ink[top:bottom, left:right] > INK_LEVEL) & mine)


def test_the_gaps_of_a_dotted_pen_are_closed_first():
    ink = np.zeros((200, 60), np.float32)
    for top in range(10, 190, 14):
        ink[top : top + 8, 20:28] = 1
    pieces = InkPieces(ink)
    assert len(pieces.boxes) == 1
    closed = close(ink, gap_of(ink, components(ink)[2]))
    np.testing.assert_array_equal(whole(ink, pieces, [0]), closed)


def test_pixels_do_not_know_the_order():
    assert InkPieces(hand.row("25")).late([0, 1]) == 0


any_ink = arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=50)).map(lambda v: v.astype(np.float32) / 255)
blobs = arrays(bool, array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=9)).map(
    lambda mask: np.kron(mask, np.ones((8, 8))).astype(np.float32)
)


@given(any_ink | blobs, st.integers(0, 8))
def test_any_ink_can_be_cut(ink, most):
    pieces = InkPieces(ink)
    for number in range(len(pieces.boxes)):
        before = whole(ink, pieces, [number])
        parts, prices = pieces.cut(number, most)
        assert len(parts) == len(prices) + 1
        assert_parted(ink, pieces, before, parts)
