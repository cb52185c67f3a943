"""The last step of a build: the service worker gets the list of files to keep, each with its SHA-256 when unpacked.

The version of a build is a hash over that list, so two builds have the same one only if their files are the same.
"""

import gzip
import hashlib
import json
import posixpath
from collections.abc import Mapping

from building.runtime.packing import PACKED

WORKER = "service-worker.js"
HOME = "./"  # how a page asks for its index.html
VERSION_GOES_HERE = '"build:version"'
FILES_GO_HERE = '{ "build:files": "" }'
NOT_KEPT = (
    WORKER,  # the browser's own business
    "web.config",  # for a host that it is on
    "preview.png",  # for links elsewhere
    "build.json",  # how the page was made, which is no reason to offer the same page as a new version
    *("README.md", "digits.validation.json"),  # of the model, for people who want to know
    *("icon-192.png", "icon-512.png", "maskable-512.png", "apple-touch.png"),  # fetched when the page is installed
    "exemplars.npz",  # large, fetched when first asked for, and then kept by site/served/exemplars.py
)


def finish(page: dict[str, bytes]) -> None:
    """Writes version and files into the service worker of the page {path: bytes}; without one, nothing is to be done.

    ValueError if it does not have the place of each exactly once.
    """
    if WORKER not in page:
        return
    files = kept_files(page)
    text = page[WORKER].decode()
    values: tuple[tuple[str, object], ...] = ((VERSION_GOES_HERE, version(files)), (FILES_GO_HERE, files))
    for place, value in values:
        if text.count(place) != 1:
            raise ValueError(f"{WORKER} must have {place} once")
        text = text.replace(place, json.dumps(value, indent=2))
    page[WORKER] = text.encode()


def kept_files(page: Mapping[str, bytes]) -> dict[str, str]:
    """{relative address: SHA-256 in hexadecimal} of what the page {path: bytes} needs to work offline, in order.

    Packed files are kept unpacked.
    """
    files = {}
    for name, data in sorted(page.items()):
        if posixpath.basename(name) not in NOT_KEPT and not name.startswith("."):
            data = gzip.decompress(data) if name.endswith(PACKED) else data
            files[HOME if name == "index.html" else HOME + name] = hashlib.sha256(data).hexdigest()
    return files


def version(files: Mapping[str, str]) -> str:
    """A short name for exactly these files."""
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]
