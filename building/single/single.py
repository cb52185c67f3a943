"""The page as one file of HTML, which a browser opens from anywhere: no server, no network, nothing beside it.

At a file: address a script may fetch nothing, and no module is loaded from a file. So all that the page is made of
stands in it as it is, in base 64, and single_files.js answers from there.
"""

import base64
import hashlib
import html
import posixpath
import re
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any

from building.common import BuildError
from building.page import making, offline, record
from building.page.folder import write_whole
from building.runtime.packing import packed

HERE = Path(__file__).resolve().parent
START = "<!doctype html>\n"
BEGINNING = f"{START}<!-- Number reader, all of it in this one file: open it in a browser. Made by build.py. -->\n"
CHARSET = '<meta charset="utf-8">'
EXEMPLARS = "exemplars.npz"  # where there is no server they cannot be fetched later
OF_A_HOST = ("index.html", "manifest.webmanifest")
WORTH_PACKING = 0.9  # of the size
BYTES = "application/octet-stream"
TYPES = {
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
}

# It names no host at all. A script is one that stands in the file, or a blob: or data: address that such a script has made.
POLICY = (
    "default-src 'none'; script-src {script} 'wasm-unsafe-eval' blob: data:; worker-src blob:; style-src {style}; "
    "img-src data: blob:; connect-src data: blob:; base-uri 'none'; form-action 'none'"
)

HOSTED_POLICY = re.compile(r'(?: *<!--[^>]*-->\n)? *<meta http-equiv="Content-Security-Policy"[^>]*>\n')
TAG = re.compile(r'<(link|script|img|a)\b[^>]*? (?:href|src)="\./([^"]*)"[^>]*>(?:</script>)?')


def build_single_file(output: str | Path, *project: Any, **how: Any) -> None:
    """Write the page as one file of HTML, whole or not at all: a failed build leaves the last one as it was.

    project, how: what making.make takes, but `ran`. BuildError says what stands in the way; OSError comes from the file system.
    """
    output = Path(output).resolve()
    if output.exists() and not begins_as_page(output):
        raise BuildError(f"{output} is something else than this page in one file; it is left as it is")
    page = making.make(*project, ran=None, **how)  # all of it is there: nothing would come earlier
    try:
        content = single_file(page)
    except ValueError as error:
        raise BuildError(str(error)) from None
    write_whole(output, content)


def begins_as_page(path: Path) -> bool:
    """Whether an earlier build has written this file."""
    with path.open("rb") as stream:
        return stream.read(len(BEGINNING)) == BEGINNING.encode()


def single_file(page: Mapping[str, bytes]) -> bytes:
    """The bytes of the HTML, made of the page {path: bytes}.

    ValueError if index.html lacks a place for something, or a script holds what HTML would not read as it is.
    """
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

    def __init__(self, page: Mapping[str, bytes]) -> None:
        self.page = page
        self.inlined: set[str] = set()
        self.hashes: dict[str, list[str]] = {"script": [], "style": []}

    def policy(self) -> str:
        """The Content-Security-Policy that allows what was put in place so far."""
        return POLICY.format(**{kind: " ".join(hashes) for kind, hashes in self.hashes.items()})

    def in_place(self, match: re.Match[str]) -> str:
        """What stands for a tag that names a file: nothing, where that is only for a page that has a host."""
        tag, kind, name = match.group(0, 1, 2)
        if kind == "script" and re.search(r' type="(mpy|py)"', tag):
            return tag  # PyScript asks for it
        if kind == "script" and ' type="module"' in tag:
            its_id = re.search(r' id="([\w-]+)"', tag)[1]  # type: ignore[index]  # each has one
            return self.element("script", f'pageFiles.import("./{name}");', its_id)
        if kind == "link" and not re.search(r' rel="(icon|stylesheet)"', tag):
            return ""
        self.inlined.add(name)
        data = self.page[name]
        if kind == "script":  # without an address of its own it gets the one that it would have
            its_address = f'new URL("./{name}", document.baseURI).href'
            return self.element("script", data.decode().replace("document.currentScript.src", its_address))
        if ' rel="stylesheet"' in tag:
            return self.element("style", data.decode())
        address = f"data:{media_type(name)};base64,{base64.b64encode(data).decode()}"
        if kind == "a":  # no browser goes to such an address, but each saves what is there
            address += f'" download="{posixpath.basename(name)}'
        return tag.replace(f"./{name}", address)

    def element(self, kind: str, text: str, name: str = "") -> str:
        """A script or style with a text that the policy knows by its hash; ValueError if it would end too early."""
        if f"</{kind}" in text or "<!--" in text:
            raise ValueError(f"HTML would not read this text of a {kind} as it is: {text[:80]}")
        digest = hashlib.sha256(text.encode()).digest()
        self.hashes[kind].append(f"'sha256-{base64.b64encode(digest).decode()}'")
        return f"<{kind}{name and f' id={name}'}>{text}</{kind}>"


def ours(name: str) -> str:
    """The text of a script that lies beside this module."""
    return (HERE / f"{name}.js").read_text("utf-8")


def inert(name: str) -> str:
    """A script that the page does not run, but hands on."""
    return f'<script type="text/plain" id={name}>{ours(name)}</script>'


def embedded(page: Mapping[str, bytes], inlined: Set[str]) -> Iterator[str]:
    """An element for each file that is asked for by its address, in order."""
    left_out = {*offline.NOT_KEPT, *OF_A_HOST} - {EXEMPLARS, record.NAME}
    for name in sorted(page.keys() - inlined):
        if posixpath.basename(name) not in left_out and not name.startswith("."):
            yield file_element(name, page[name])


def file_element(name: str, data: bytes) -> str:
    """An inert script that holds a file, packed if that makes it smaller by enough."""
    small = packed(data)
    is_packed = len(small) < WORTH_PACKING * len(data)
    text = base64.b64encode(small if is_packed else data).decode()
    mark = " data-packed" if is_packed else ""
    return f'<script type="{media_type(name)}" data-file="{html.escape(name)}"{mark}>{text}</script>'


def media_type(name: str) -> str:
    """Never JavaScript's own: a browser would run it where it stands."""
    return TYPES.get(posixpath.splitext(name)[1], BYTES)
