"""The sheet in every browser: added, kept with its picture, edited, copied as a file, two tabs apart."""

from tests.browser.hand import lay_out

CELLS = "[...document.querySelectorAll('#lines [role=gridcell]')].map(cell => cell.textContent)"
HAS_PICTURE = """(() => {
  const picture = document.querySelector("#cells img:not([hidden])");
  return Boolean(picture?.complete && picture.naturalWidth > 10);
})()"""


def test_what_is_added_is_there_after_a_reload_with_its_picture(page):
    page.draw(lay_out("407"))
    assert page.number() == "407"
    page.press("#add")
    page.wait_for("document.getElementById('status').textContent.startsWith('Added 407. 1 entry, sum 407.')")
    assert page.number() == ""
    assert page.evaluate(CELLS) == ["407", ""]
    page.wait_for(HAS_PICTURE)
    page.draw(lay_out("5"))
    assert page.number() == "5"
    page.press("#add")
    page.wait_for("document.getElementById('sums').textContent.includes('sum 412')")
    page.evaluate("new Promise(resolve => setTimeout(resolve, 500))")
    page.reload()
    page.wait_for("document.querySelectorAll('#lines [role=row]').length === 3")
    assert page.evaluate(CELLS) == ["407", "5", ""]
    page.wait_for(HAS_PICTURE)
    page.press("#table-clear")
    page.press("#table-clear-yes")
    page.wait_for("document.querySelectorAll('#lines [role=row]').length === 1")


def test_a_cell_is_edited_and_rows_go_by_keys(page):
    for text in ("12", "7"):
        page.draw(lay_out(text))
        assert page.number() == text
        page.press("#add")
        page.wait_for(f"document.getElementById('status').textContent.startsWith('Added {text}.')")
    page.press("#lines [role=row] [role=gridcell]")
    page.key("Enter")
    page.evaluate("void (document.querySelector('.editor').value = '13')")
    page.key("Enter")
    page.wait_for("document.querySelector('#lines [role=gridcell]').textContent === '13'")
    page.key("ArrowUp")
    page.key("z", "Control")
    page.wait_for("document.querySelector('#lines [role=gridcell]').textContent === '12'")
    page.press("#table-save")
    assert page.saved_file("numbers.numbers").read_bytes().startswith(b"number-reader-sheet 1 ")
    page.press("#table-clear")
    page.press("#table-clear-yes")
