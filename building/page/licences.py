"""The licences of everything that the page redistributes, collected into its folder `licences`.

The repository holds no text of others: what they publish as a file, runtime-lock.json names like all files of the
runtime, numpy's wheel brings its own, and notice.txt, which is ours, says what is whose.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from building.sources.lock import LICENCES

FOLDER = "licences/"
NOTICE = Path(__file__).resolve().parent / "notice.txt"
IN_WHEEL = re.compile(r"[^/]+\.dist-info/licenses/(.+)")
RULE = "=" * 100


def collected(texts: Mapping[str, bytes], wheel: bytes, card: bytes, versions: Mapping[str, str]) -> dict[str, bytes]:
    """The files of the folder, {path: bytes}.

    texts: those of the lock, {path: bytes}. wheel: numpy's, bytes. card: the model's, bytes. versions: of the page and
    of what it runs on, {name: text}. ValueError if the wheel has no licence.
    """
    files = {f"{FOLDER}index.txt": NOTICE.read_text("utf-8").format(**versions).encode()}
    of: dict[str, dict[str, bytes]] = {}  # {what: {what of it: text}}
    for name in LICENCES:
        what, _, part = name.removeprefix(FOLDER).removesuffix(".txt").partition("-")
        of.setdefault(what, {})[part or what] = texts[name]
    of["numpy"] = licences_of(wheel)
    files |= {f"{FOLDER}{what}.txt": joined(parts) for what, parts in of.items()}
    return files | {f"{FOLDER}model.txt": card}


def licences_of(wheel: bytes) -> dict[str, bytes]:
    """The licences in numpy's wheel, {what of it: bytes}, that of the whole first. ValueError if there is none."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        matches = filter(None, map(IN_WHEEL.fullmatch, sorted(archive.namelist())))
        found = {match[1]: archive.read(match[0]) for match in matches}
    if not found:
        raise ValueError("numpy's wheel holds no licence")
    names = sorted(found, key=lambda name: (name.count("/"), name))
    return {name if posixpath.dirname(name) else "numpy": found[name] for name in names}


def joined(parts: Mapping[str, bytes]) -> bytes:
    """Texts {title: bytes} as one; a single one as it is."""
    if len(parts) == 1:
        return next(iter(parts.values()))
    return b"\n".join(
        f"{RULE}\n{title}\n{RULE}\n\n".encode() + text.strip(b"\r\n") + b"\n" for title, text in parts.items()
    )
