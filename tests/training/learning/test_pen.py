"""The examples of the first guess: what is written is what is compared, and whose a group of pen-downs is."""

import numpy as np

from number_reader.pen.examples import DIGITS, Examples
from number_reader.pen.line import Line
from training.learning.pen import written
from training.synthesis.pens import Made, label_of, warped


def test_distances_in_the_file_are_those_of_the_vectors():
    rng = np.random.default_rng(0)
    labels = np.repeat(range(DIGITS + 1), 7)
    projection = np.linalg.qr(rng.normal(size=(154, 12)))[0].astype(np.float32)
    vectors, mean = rng.normal(size=(len(labels), 12)), rng.random(154).astype(np.float32)
    examples = Examples(written(mean, projection, vectors, labels))
    list(examples.unpack())
    query = mean + projection @ (vectors[3] + 0.3 * vectors[60])
    expected = ((vectors - (query - mean) @ projection) ** 2).sum(1)
    found = np.array(examples.nearest(query.tolist()))
    wanted = np.array([np.sort(expected[labels == label])[:5] for label in range(DIGITS + 1)])
    assert np.corrcoef(found.ravel(), wanted.ravel())[0, 1] > 0.99
    assert found[:, 0].argmin() == wanted[:, 0].argmin() == 0


def test_whose_a_group_is():
    made = Made([[(0, 0), (0, 9)], [(5, 4), (8, 4)], [(6, 1), (6, 9)], [(20, 0), (20, 9)]], [0, 1, 1, 2], "1+1")
    line = Line(made.strokes)
    assert label_of((0, 1), line, made) == "1"
    assert label_of((1, 3), line, made) == "+"
    assert label_of((1, 2), line, made) == label_of((0, 2), line, made) == label_of((2, 4), line, made) == ""


def test_a_warped_digit_is_still_about_itself():
    strokes = [np.float32([[0, 0], [0.5, 1], [1, 0]]), np.float32([[0.2, 0.5]])]
    out = warped(strokes, np.random.default_rng(1))
    assert [len(stroke) for stroke in out] == [3, 1]
    assert np.abs(np.array(out[0])).max() < 1.5
    assert out != warped(strokes, np.random.default_rng(2))
