"""The page as one file of HTML, which a browser opens from anywhere: no server, no network, nothing beside it.

At a file: address a script may fetch nothing, and no module is loaded from a file. So all that the page is made of stands
in it as it is, in base 64, and answers there for itself (single_files.js).
"""

import base64
import hashlib
import html
import posixpath
import re
from pathlib import Path

from building.page import offline, record
from building.runtime.packing import packed

HERE = Path(__file__).resolve().parent
START = "<!doctype html>\n"
BEGINNING = f"{START}<!-- Number reader, all of it in this one file: open it in a browser. Made by build.py. -->\n"
CHARSET = '<meta charset="utf-8">'
EXEMPLARS = "exemplars.npz"  # where there is no server they cannot be fetched later
OF_A_HOST = ("index.html", "manifest.webmanifest")
WORTH_PACKING = 0.9  # of the size
BYTES = "application/octet-stream"
TYPES = {".jpg": "image/jpeg", ".svg": "image/svg+xml", ".txt": "text/plain", ".wasm": "application/wasm", ".webp": "image/webp"}

# It names no host at all. A script is one that stands in the file, or a blob or data: address that such a one has made. PyScript has functions
# made of texts, by the page and by the worker, so without 'unsafe-eval' it starts nothing.
POLICY = (
    "default-src 'none'; script-src {script} 'unsafe-eval' blob: data:; worker-src blob:; style-src {style}; "
    "img-src data: blob:; connect-src data: blob:; base-uri 'none'; form-action 'none'"
)

HOSTED_POLICY = re.compile(r'(?: *<!--[^>]*-->\n)? *<meta http-equiv="Content-Security-Policy"[^>]*>\n')
TAG = re.compile(r'<(link|script|img|a)\b[^>]*? (?:href|src)="\./([^"]*)"[^>]*>(?:</script>)?')


def single_file(page):
    """The bytes of the HTML, made of the page {path: bytes}."""
    inliner = Inliner(page)
    text = page["index.html"].decode()
    text = HOSTED_POLICY.sub("", text)
    text = TAG.sub(inliner.in_place, text)
    scripts = [inliner.element("script", ours("single_files"), "single_files"), inert("single_worker")]
    scripts += [inliner.element("script", ours("single_page"))]
    policy = f'<meta http-equiv="Content-Security-Policy" content="{inliner.policy()}">'
    for place, value in (
        (START, BEGINNING),
        (CHARSET, "\n  ".join([CHARSET, policy, *scripts])),
        ("<body ", "<body data-single-file "),
        ("</body>", "\n".join([*embedded(page, inliner.inlined), "</body>"])),
    ):
        if text.count(place) != 1:
            raise ValueError(f"index.html must have {place.strip()} once")
        text = text.replace(place, value)
    return text.encode()


class Inliner:
    """Puts files of the page where its HTML names them, and knows which, and the policy that lets them in."""

    def __init__(self, page):
        self.page = page
        self.inlined = set()
        self.hashes = {"script": [], "style": []}

    def policy(self):
        return POLICY.format(**{kind: " ".join(hashes) for kind, hashes in self.hashes.items()})

    def in_place(self, tag):
        """What stands for a tag that names a file: nothing, where that is only for a page that has a host."""
        tag, kind, name = tag.group(0, 1, 2)
        if kind == "script" and re.search(r' type="(mpy|py)"', tag):
            return tag  # PyScript asks for it
        if kind == "script" and ' type="module"' in tag:
            return self.element("script", f'pageFiles.import("./{name}");', re.search(r' id="([\w-]+)"', tag)[1])
        if kind == "link" and not re.search(r' rel="(icon|stylesheet)"', tag):
            return ""
        self.inlined.add(name)
        data = self.page[name]
        if kind == "script":  # without an address of its own it is told the one that it would have
            its_address = f'new URL("./{name}", document.baseURI).href'
            return self.element("script", data.decode().replace("document.currentScript.src", its_address))
        if ' rel="stylesheet"' in tag:
            return self.element("style", data.decode())
        address = f"data:{media_type(name)};base64,{base64.b64encode(data).decode()}"
        if kind == "a":  # no browser goes to such an address, but it saves what is there
            address += f'" download="{posixpath.basename(name)}'
        return tag.replace(f"./{name}", address)

    def element(self, kind, text, name=""):
        """A script or style with a text that the policy knows by its hash."""
        if f"</{kind}" in text or "<!--" in text:
            raise ValueError(f"HTML would not read this text of a {kind} as it is: {text[:80]}")
        digest = hashlib.sha256(text.encode()).digest()
        self.hashes[kind].append(f"'sha256-{base64.b64encode(digest).decode()}'")
        return f'<{kind}{name and f" id={name}"}>{text}</{kind}>'


def ours(name):
    return (HERE / f"{name}.js").read_text("utf-8")


def inert(name):
    """A script that the page does not run, but hands on."""
    return f'<script type="text/plain" id={name}>{ours(name)}</script>'


def embedded(page, inlined):
    """An element for each file that is asked for by its address, in order."""
    left_out = {*offline.NOT_KEPT, *OF_A_HOST} - {EXEMPLARS, record.NAME}
    for name in sorted(page.keys() - inlined):
        if posixpath.basename(name) not in left_out and not name.startswith("."):
            yield file_element(name, page[name])


def file_element(name, data):
    small = packed(data)
    is_packed = len(small) < WORTH_PACKING * len(data)
    text = base64.b64encode(small if is_packed else data).decode()
    mark = " data-packed" if is_packed else ""
    return f'<script type="{media_type(name)}" data-file="{html.escape(name)}"{mark}>{text}</script>'


def media_type(name):
    """Never JavaScript's own: a browser would run it where it stands."""
    return TYPES.get(posixpath.splitext(name)[1], BYTES)
