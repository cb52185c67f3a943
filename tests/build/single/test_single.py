"""The page in one file: all of the page stands in it, by names or in place, and its policy knows it."""

import base64
import gzip
import hashlib
import posixpath
import re
from html.parser import HTMLParser

import pytest

from building.common import BuildError
from tests.browser.serving import plain


class Reader(HTMLParser):
    """What a browser would find in the HTML.

    `files`: what the elements for files hold, by plain name. `run`: the texts of scripts and styles that a browser uses
    as they stand. `policy`: the one that stands before them. `named`: the addresses in other tags.
    """

    def __init__(self, text):
        super().__init__(convert_charrefs=False)
        self.files, self.run, self.named = {}, [], []
        self.policy, self.tag, self.attributes, self.text = "", "", {}, ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tag, self.attributes, self.text = tag, dict(attributes), ""
        if self.attributes.get("http-equiv") == "Content-Security-Policy":
            assert not self.run
            assert not self.policy
            self.policy = self.attributes["content"]
        self.named += [(tag, self.attributes[name]) for name in ("src", "href") if name in self.attributes]

    def handle_data(self, text):
        self.text += text

    def handle_endtag(self, tag):
        if "data-file" in self.attributes:
            data = base64.b64decode(self.text, validate=True)
            data = gzip.decompress(data) if "data-packed" in self.attributes else data
            assert "javascript" not in self.attributes["type"]
            self.files[plain(self.attributes["data-file"])] = data
        elif self.tag == "style" or (self.tag == "script" and "type" not in self.attributes):
            self.run.append(self.text)
        self.tag, self.attributes = "", {}


@pytest.fixture
def reader(miniature):
    return Reader(miniature.build_single_file().decode())


def test_the_same_page_gives_the_same_bytes(miniature):
    assert miniature.build_single_file() == miniature.build_single_file()


def test_what_is_asked_for_by_an_address_stands_in_it_as_it_is(miniature, reader):
    miniature.build()
    page = miniature.plain()
    in_place = {"boot/page.js", "styles.css", "icons/icon.svg", "LICENSE.txt", "licences/index.txt"}
    of_a_host = {"index.html", ".nojekyll", "model/README.md"}
    assert reader.files == {name: page[name] for name in page.keys() - in_place - of_a_host}
    assert reader.files["model/exemplars.npz"] == b"pictures"


def test_nothing_else_is_named_but_what_python_itself_asks_for(reader):
    [(tag, address)] = [(tag, address) for tag, address in reader.named if not address.startswith("data:")]
    assert (tag, plain(address.removeprefix("./"))) == ("script", "main.py")
    assert {tag for tag, _ in reader.named} == {"link", "script", "a"}  # no preload, which would name files
    texts = [base64.b64decode(address.partition("base64,")[2]) for tag, address in reader.named if tag == "a"]
    assert texts[0] == b"as you like"
    assert b"WHAT THIS PAGE REDISTRIBUTES" in texts[1]


def test_the_policy_knows_each_script_and_style_by_its_hash_and_no_host(reader):
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in reader.run]
    assert sorted(re.findall(r"'sha256-([^']+)'", reader.policy)) == sorted(hashes)
    assert "a {}" in reader.run
    assert any("pageFiles.import(" in text for text in reader.run)
    sources = [word.rstrip(";") for word in re.sub(r"'sha256-[^']+'", "", reader.policy).split()]
    others = {word for word in sources if not re.fullmatch(r"[a-z-]*", word)}
    assert others == {"'none'", "'wasm-unsafe-eval'", "blob:", "data:"}


def test_a_script_without_an_address_is_told_where_it_would_be(miniature):
    script = miniature.site / "boot" / "page.js"
    script.write_text('new URL("./x.mjs", document.currentScript.src)')
    [text] = [text for text in Reader(miniature.build_single_file().decode()).run if "x.mjs" in text]
    assert "currentScript" not in text
    address = re.search(r'new URL\("(\./[^"]+)", document\.baseURI\)', text)[1]
    assert plain(posixpath.normpath(address)) == "boot/page.js"


def test_a_script_that_html_would_read_otherwise_is_refused(miniature):
    (miniature.site / "boot" / "page.js").write_text('element.innerHTML = "<script></script>"')
    with pytest.raises(BuildError, match="innerHTML"):
        miniature.build_single_file()


@pytest.mark.parametrize("place", ["<body ", "</body>"])
def test_a_page_without_a_place_for_the_files_is_refused(miniature, place):
    page = miniature.site / "index.html"
    page.write_text(page.read_text().replace(place, ""))
    with pytest.raises(BuildError, match=f"must have {place.strip()} once"):
        miniature.build_single_file()
