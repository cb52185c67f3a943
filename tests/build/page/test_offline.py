"""The service worker's list: every file that a page needs, by its content; the same files give the same worker."""

import hashlib
import json
import re

import pytest
from PIL import Image

from building.common import ROOT
from building.page import offline

TEMPLATE = (ROOT / "site" / offline.WORKER).read_text("utf-8")


@pytest.fixture
def page():
    return {
        "index.html": b"<!doctype html>",
        "styles.css": b"a{}",
        "code-1/app/main.py": b"",
        "model-2/digits.npz": b"vectors",
        "model-2/exemplars.npz": b"pictures",
        "preview.png": b"for others",
        ".nojekyll": b"",
        ".git/config": b"",
        offline.WORKER: TEMPLATE.encode(),
    }


def worker(page):
    return page[offline.WORKER].decode()


def filled_in(page):
    """(version, files) that the built page's service worker names."""
    text = worker(page)
    version = re.search(r"^const VERSION = (.*);$", text, re.MULTILINE)[1]
    files = re.search(r"^const FILES = ({.*?});", text, re.MULTILINE | re.DOTALL)[1]
    return json.loads(version), json.loads(files)


def test_it_names_every_file_that_is_kept_with_its_sha256(page):
    offline.finish(page)
    _, files = filled_in(page)
    assert files == {
        "./": hashlib.sha256(b"<!doctype html>").hexdigest(),
        "./code-1/app/main.py": hashlib.sha256(b"").hexdigest(),
        "./model-2/digits.npz": hashlib.sha256(b"vectors").hexdigest(),
        "./styles.css": hashlib.sha256(b"a{}").hexdigest(),
    }


def test_the_rest_of_the_worker_is_as_it_was_written(page):
    offline.finish(page)
    version, files = filled_in(page)
    text = worker(page).replace(json.dumps(version), offline.VERSION_GOES_HERE)
    assert text.replace(json.dumps(files, indent=2), offline.FILES_GO_HERE) == TEMPLATE


def test_the_same_files_give_the_same_worker(page):
    other = dict(page)
    offline.finish(page)
    offline.finish(other)
    assert worker(page) == worker(other)


@pytest.mark.parametrize("name", ["index.html", "code-1/app/main.py", "new.txt"])
def test_another_file_or_another_name_gives_another_version(page, name):
    other = dict(page)
    other[name] = b"other"
    offline.finish(page)
    offline.finish(other)
    assert filled_in(page)[0] != filled_in(other)[0]


def test_what_is_not_kept_does_not_change_the_version(page):
    other = dict(page)
    other["preview.png"] = b"other"
    offline.finish(page)
    offline.finish(other)
    assert worker(page) == worker(other)


@pytest.mark.parametrize("text", ["", TEMPLATE + TEMPLATE])
def test_a_worker_that_cannot_be_filled_in_ends_the_build(page, text):
    page[offline.WORKER] = text.encode()
    with pytest.raises(ValueError, match="must have"):
        offline.finish(page)


def test_a_site_without_a_worker_is_left_as_it_is(page):
    del page[offline.WORKER]
    before = dict(page)
    offline.finish(page)
    assert page == before


# --- the real page --------------------------------------------------------------------------


def test_the_real_worker_names_the_files_that_are_there(built_site, tree):
    page = tree(built_site)
    version, files = filled_in(page)
    assert files == offline.kept_files(page)
    assert version == offline.version(files)
    assert "./" in files
    assert any(name.endswith("/digits.npz.packed") for name in files)
    assert not [name for name in files if name.endswith(("/exemplars.npz", "/preview.png", offline.WORKER))]


def test_the_icons_are_of_the_sizes_that_the_manifest_says(built_site):
    manifest = json.loads((built_site / "manifest.webmanifest").read_text("utf-8"))
    pictures = [icon for icon in manifest["icons"] if icon["type"] == "image/png"]
    assert {(icon["sizes"], icon.get("purpose")) for icon in pictures} == {
        ("192x192", None), ("512x512", None), ("512x512", "maskable"),
    }  # fmt: skip
    for icon in pictures:
        with Image.open(built_site / icon["src"]) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]
            opaque = picture.convert("RGBA").getextrema()[3] == (255, 255)
            assert opaque == ("purpose" in icon), "what is cut to a shape has no shape of its own"
    assert manifest["start_url"] == manifest["scope"] == "./"
    assert manifest["display"] == "standalone"


def test_the_drawing_on_the_maskable_icon_keeps_within_what_is_never_cut(built_site):
    manifest = json.loads((built_site / "manifest.webmanifest").read_text("utf-8"))
    [name] = [icon["src"] for icon in manifest["icons"] if icon.get("purpose") == "maskable"]
    with Image.open(built_site / name) as picture:
        pixels = picture.convert("RGB").load()
        side, ground = picture.width, pixels[0, 0]
        middle = (side - 1) / 2
        colours = ((x, y, pixels[x, y]) for x in range(side) for y in range(side))
        drawn = [(x, y) for x, y, colour in colours if abs(sum(colour) - sum(ground)) > 30]
    assert drawn
    assert max((x - middle) ** 2 + (y - middle) ** 2 for x, y in drawn) <= (0.4 * side) ** 2
