"""app/files/formats.py without a browser: what a file is by its first bytes."""

import importlib.util
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from building.common import ROOT

spec = importlib.util.spec_from_file_location("formats", ROOT / "site" / "app" / "files" / "formats.py")
formats = importlib.util.module_from_spec(spec)
spec.loader.exec_module(formats)

WRITTEN_BY_PILLOW = {
    "PNG": "a PNG picture",
    "JPEG": "a JPEG picture",
    "GIF": "a GIF picture",
    "BMP": "a BMP picture",
    "WEBP": "a WebP picture",
    "AVIF": "an AVIF picture",
    "TIFF": "a TIFF or raw camera picture",
    "JPEG2000": "a JPEG 2000 picture",
    "PDF": "a PDF document",
}


@pytest.mark.parametrize("form", WRITTEN_BY_PILLOW)
def test_what_pillow_writes_is_known(form):
    file = io.BytesIO()
    Image.new("RGB", (16, 16)).save(file, form)
    assert formats.kind(file.getvalue()[: formats.HEAD]) == WRITTEN_BY_PILLOW[form]


def box(brand, *compatible):
    body = brand + bytes(4) + b"".join(compatible)
    return (8 + len(body)).to_bytes(4, "big") + b"ftyp" + body + bytes(40)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (box(b"heic", b"mif1", b"heic"), "a HEIC photo"),
        (box(b"mif1", b"heic"), "a HEIC photo"),
        (box(b"mif1", b"avif", b"miaf"), "an AVIF picture"),
        (box(b"avif"), "an AVIF picture"),
        (box(b"crx "), "a raw camera picture"),
        (box(b"isom", b"iso2"), "a video"),
        (box(b"qt  "), "a video"),
        (b"\x1a\x45\xdf\xa3" + bytes(40), "a video"),
        (b"RIFF\0\0\0\0AVI LIST", "a video"),
        (b"RIFF\0\0\0\0WAVEfmt ", ""),
        (b"PK\3\4" + bytes(40), "an office document or an archive"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><!-- a --><svg/>", "an SVG drawing"),
        (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd"><svg/>', "an SVG drawing"),
        (b"<!doctype html><svg/>", "a web page"),
        (b"\n<HTML>404", "a web page"),
        (b"Notes on <svg>", "a text file"),
        (b"Buy milk.", "a text file"),
        ("Größe: ".encode() * 200, "a text file"),
        ("é".encode() * 300 + b"\xc3", "a text file"),
        (b"\0\1\2", ""),
        (b"\xe9t\xe9 " * 9, ""),
        (b"", ""),
    ],
)
def test_other_kinds(head, kind):
    assert formats.kind(head) == kind


@given(st.one_of(st.binary(max_size=64), st.binary(max_size=40).map(lambda rest: b"\xff\xff\xff\xffftyp" + rest)))
def test_any_bytes_make_one_sentence_that_names_the_file(head):
    sentence = formats.refusal("a file", head)
    assert "a file" in sentence
    assert sentence.endswith(".")


def test_a_sentence_says_what_to_do():
    assert formats.refusal("a.heic", box(b"heic")) == (
        "a.heic is a HEIC photo, which cannot be opened here. Save it as JPEG or PNG, or take a screenshot of it, "
        "and open that."
    )
