"""A photographed page in each browser: rows come as they are read; it is turned, and cancelled by its button or a stroke."""

import numpy as np

from tests.browser.hand import lay_out
from tests.browser.picture_files import ROWS, encoded, handwriting, page_of

# Keeps the steps of the next reading; one that was cancelled may tell one more.
WATCH = """(() => {
  if (!window.watched) addEventListener("stepped", ({detail: {stage, k, n}}) => {
    if (watched.length || stage === "sheet") watched.push({stage, k, n, text: number.textContent});
  });
  window.watched = [];
})()"""


def begin(page, tmp_path, rows, name):
    page.evaluate(WATCH)
    (tmp_path / name).write_bytes(encoded(page_of(rows)))
    page.choose_file("#image", tmp_path / name)
    page.wait_for("watched.some(step => step.k > 1)")


def test_rows_come_as_they_are_read(page, tmp_path):
    rows = ROWS * 3
    begin(page, tmp_path, rows, "page.png")
    page.wait_for_text("#source", "page.png")
    assert page.number() == "\n".join(rows)
    steps = page.evaluate("watched")
    assert [step["stage"] for step in steps[:3]] == ["sheet", "turn", "lines"]
    assert steps[10]["text"] == "\n".join(rows[:8])
    assert not page.is_seen("#cancel")


def test_a_page_is_cancelled_by_its_button_and_by_a_stroke(page, tmp_path):
    begin(page, tmp_path, ROWS * 6, "long.png")
    page.wait_for("getComputedStyle(cancel).opacity == 1")
    page.press("#cancel")
    page.wait_for_text("#status", "Cancelled.")
    page.wait_for("number.dataset.state !== 'reading'")
    begin(page, tmp_path, ROWS * 6, "long.png")
    page.draw(lay_out("3"))
    page.wait_for_text("#source", "Your drawing")
    assert page.number() == "3"
    assert page.evaluate("watched.at(-1).k < watched.at(-1).n")
    assert not page.is_seen("#cancel")


def test_a_picture_is_turned_on(page, tmp_path):
    (tmp_path / "1.png").write_bytes(encoded(np.rot90(handwriting("1"))))
    page.choose_file("#image", tmp_path / "1.png")
    page.wait_for_text("#source", "1.png")
    page.number()
    page.press("#turn")
    page.wait_for("note.textContent === 'It was turned by 90°.'")
    assert page.number() == "1"
    assert page.evaluate("raw.width > raw.height")
