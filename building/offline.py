"""The last step of a build: the service worker is told every file that it is to keep, with its SHA-256.

The version of a build is a hash over that list, so two builds have the same one only if their files are the same.
"""

import hashlib
import json
from pathlib import Path

WORKER = "service-worker.js"
HOME = "./"  # how a page asks for its index.html
VERSION_GOES_HERE = '"build:version"'
FILES_GO_HERE = '{ "build:files": "" }'
NOT_KEPT = (
    WORKER,  # the browser's own business
    "preview.png",  # for links elsewhere
    "exemplars.npz",  # large, fetched when first asked for, and then kept by site/worker.py
)


def finish(page):
    """Fills in the service worker of the built page in the folder `page`; a site without one has nothing to finish."""
    worker = Path(page) / WORKER
    if not worker.is_file():
        return
    files = kept_files(page)
    text = worker.read_text("utf-8")
    for place, value in ((VERSION_GOES_HERE, version(files)), (FILES_GO_HERE, files)):
        if text.count(place) != 1:
            raise ValueError(f"{worker} must have {place} once")
        text = text.replace(place, json.dumps(value, indent=2))
    worker.write_text(text, "utf-8")


def kept_files(page):
    """{relative address: SHA-256 in hexadecimal} of what the page needs to work offline, in order."""
    page = Path(page)
    files = {}
    for path in page.rglob("*"):
        parts = path.relative_to(page).parts
        if path.is_file() and path.name not in NOT_KEPT and not any(part.startswith(".") for part in parts):
            name = HOME if parts == ("index.html",) else HOME + "/".join(parts)
            files[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return dict(sorted(files.items()))


def version(files):
    """A short name for exactly these files."""
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]
