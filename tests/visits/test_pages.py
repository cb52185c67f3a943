"""A photographed page in each browser: rows come as they are read; it is turned, and cancelled by its button or a stroke."""

import numpy as np
import pytest

from tests.browser.hand import lay_out
from tests.browser.picture_files import ROWS, encoded, handwriting, page_of

pytestmark = pytest.mark.thorough

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


def centre(page, selector):
    return page.evaluate(
        """selector => {
          const {x, y, width, height} = document.querySelector(selector).getBoundingClientRect();
          return [x + width / 2, y + height / 2];
        }""",
        selector,
    )


def test_a_picture_in_the_place_of_the_pad_is_zoomed_moved_and_left(page, tmp_path):
    page.draw(lay_out("47"))
    assert page.number() == "47"
    (tmp_path / "rows.png").write_bytes(encoded(page_of(ROWS)))
    page.choose_file("#image", tmp_path / "rows.png")
    page.wait_for_text("#source", "rows.png")
    assert page.number() == "\n".join(ROWS)
    assert not page.is_seen("#pad")
    whole = page.evaluate("raw.getBoundingClientRect().width")
    for _ in range(3):
        page.press("#zoom-in")
    assert page.evaluate("raw.getBoundingClientRect().width") > 3 * whole
    before = page.evaluate("raw.getBoundingClientRect().y")
    x, y = centre(page, "#picture")
    page.point([(x, y), (x, y + 20), (x, y + 40)])
    assert abs(page.evaluate("raw.getBoundingClientRect().y") - before - 40) <= 1
    page.evaluate("document.getElementById('picture').focus()")
    page.key("0")
    assert abs(page.evaluate("raw.getBoundingClientRect().width") - whole) < 1
    page.press("#write")
    page.wait_for_text("#number", "47")
    assert page.is_seen("#pad")


def test_a_page_is_mended_where_it_stands_by_tap_key_and_typing(page, tmp_path):
    (tmp_path / "mended.png").write_bytes(encoded(page_of(ROWS)))
    page.choose_file("#image", tmp_path / "mended.png")
    page.wait_for_text("#source", "mended.png")
    assert page.number() == "\n".join(ROWS)
    page.point([centre(page, "#spots button:nth-child(4)")])  # 67, between its digits
    assert page.evaluate("mend.value") == "67"
    page.press("#number > span:nth-child(5)")
    assert page.text("#candidates button") == "Digit 1: 5 Why?"
    page.press("#labels button:nth-child(7)")
    assert page.text("#number") == "\n".join(ROWS).replace("528", "628")
    page.evaluate("document.getElementById('chosen').focus()")
    page.key("9")
    assert page.text("#number") == "\n".join(ROWS).replace("528", "928")
    assert page.text("#spots button:nth-child(2)") == "928"
    page.evaluate("void (mend.value = '9528')")
    page.evaluate("document.getElementById('mend').focus()")
    page.key("Enter")
    assert page.text("#number") == "\n".join(ROWS).replace("528", "9528")
    page.press("#status button")
    assert page.text("#number") == "\n".join(ROWS).replace("528", "928")
    page.press("#write")
