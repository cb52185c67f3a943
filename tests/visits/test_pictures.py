"""Pictures as phones, programs and bad lines bring them, in every browser: very large, cut, misnamed, in copied HTML."""

import base64

import pytest
from PIL import Image

from tests.browser.picture_files import encoded, handwriting

pytestmark = pytest.mark.thorough

# Firefox forgets what a DataTransfer held before an event had it.
PASTE_HTML = """(html) => {
  const clipboardData = new DataTransfer();
  const event = new ClipboardEvent("paste", {bubbles: true, cancelable: true, clipboardData});
  event.clipboardData.setData("text/html", html);
  document.activeElement.dispatchEvent(event);
}"""
BAR = [[(400, 80), (400, 320)]]


@pytest.fixture
def choose(page, tmp_path):
    """A function that opens a file of that content and name."""

    def choose(content, name):
        (tmp_path / name).write_bytes(content)
        page.choose_file("#image", tmp_path / name)

    return choose


def told(page, words):
    page.wait_for(f"document.getElementById('status').textContent.includes({words!r})")


def photograph(width, height, orientation=1, **options):
    """Of a number in its middle third, as a phone stores it."""
    photo = Image.new("L", (width, height), 255)
    photo.paste(
        Image.fromarray(handwriting("4071")).resize((width * 3 // 4, width * 3 // 8)), (width // 8, height // 3)
    )
    if orientation == 6:
        photo = photo.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(photo, "JPEG", exif=exif, **options)


@pytest.mark.parametrize(
    ("width", "height", "orientation"), [(8_000, 6_000, 1), (6_000, 8_000, 6), (9_000, 12_000, 1)], ids=str
)
def test_a_photograph_of_48_or_108_megapixels_is_read(page, choose, width, height, orientation):
    choose(photograph(width, height, orientation), "large.jpg")
    page.wait_for_text("#source", "large.jpg")
    assert page.number() == "4071"
    assert page.text("#status") == "Ready"
    assert abs(page.evaluate("raw.width / raw.height") / (width / height) - 1) < 0.01


@pytest.mark.engines("chromium", "firefox")
def test_one_of_200_megapixels_is_read_where_the_engine_decodes_at_reduced_size(page, choose):
    choose(photograph(12_240, 16_320), "200.jpg")
    page.wait_for_text("#source", "200.jpg")
    assert page.number() == "4071"


@pytest.mark.engines("webkit")
def test_elsewhere_it_is_said_what_to_do(page, choose):
    page.draw(BAR)
    assert page.number() == "1"
    choose(photograph(12_240, 16_320), "200.jpg")
    told(
        page,
        "200.jpg has 200 million pixels; at most 120 million can be read here. Take it in a camera mode with fewer",
    )
    assert page.number() == "1"


CUT = {
    "cut.jpg": encoded(handwriting("19624"), "JPEG"),
    "scans.jpg": encoded(handwriting("19624"), "JPEG", progressive=True),
    "cut.png": encoded(handwriting("19624")),
}


@pytest.mark.parametrize("name", CUT)
def test_a_picture_that_did_not_come_whole_is_said(page, choose, name):
    page.draw(BAR)
    assert page.number() == "1"
    choose(CUT[name][: len(CUT[name]) * 6 // 10], name)
    told(page, f"{name} did not come whole")
    assert page.number() == "1"
    choose(CUT[name] + bytes(5000) + b"ftyp", f"whole {name}")
    page.wait_for_text("#source", f"whole {name}")
    assert page.number() == "19624"


@pytest.mark.parametrize(
    ("form", "name"), [("JPEG", "photo.heic"), ("JPEG", "photo.png"), ("PNG", "scan.jpg"), ("WEBP", "photo.jpg")]
)
def test_what_a_picture_is_its_content_says(page, choose, form, name):
    choose(encoded(Image.fromarray(handwriting("528")), form), name)
    page.wait_for_text("#source", name)
    assert page.number() == "528"


def test_a_heic_and_a_pdf_are_called_so_whatever_their_name(page, choose):
    choose(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100), "photo.jpg")
    told(page, "photo.jpg is a HEIC photo, which cannot be opened here.")
    choose(encoded(handwriting("1"), "PDF"), "paper.jpg")
    told(page, "paper.jpg is a PDF document, which cannot be opened here. Take a screenshot of the page")
    choose(b"", "none.jpg")
    told(page, "none.jpg is empty.")


def test_a_picture_in_pasted_html_is_read_and_one_on_another_site_is_said(page):
    picture = base64.b64encode(encoded(handwriting("528"))).decode()
    page.evaluate(PASTE_HTML, f"<p style='color: red'>Total <img src='data:image/png;base64,{picture}'></p>")
    page.wait_for_text("#source", "Pasted picture")
    assert page.number() == "528"
    page.evaluate(PASTE_HTML, "<img src='https://example.org/5.png'>")
    told(page, "That picture lies on another site: save it and open the file.")
    assert page.number() == "528"
