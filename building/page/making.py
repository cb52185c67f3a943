"""Makes the page, {path: bytes}, from what lies on the disk and what the sources have."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from building.common import ROOT, BuildError
from building.page import licences, record
from building.page.assembly import assemble
from building.page.index import address_tags, filled_in, versions
from building.runtime.pyodide import without_packages
from building.runtime.used import parse_used
from building.sources.cache import Cache
from building.sources.fetching import fetch
from building.sources.lock import LICENCES, PYODIDE_LOCK, parse_lock
from building.sources.source import Source


def make(
    site: str | Path = ROOT / "site",
    lock: str | Path = ROOT / "runtime-lock.json",
    used: str | Path | None = ROOT / "runtime-used.json",
    ran: str | Path | None = ROOT / "runtime-ran.json",
    *,
    cache: Cache,
    sources: Sequence[Source],
    url: str | None = None,
) -> dict[str, bytes]:
    """The page, {path: bytes}, but for what is only done to a folder of it.

    The page's version stands in pyproject.toml beside `site`. used: the file that says what of Python's library and of
    numpy the page uses (tools/used.py wrote it); None keeps all. ran: the file that says which functions of the runtime's
    modules it calls (tools/ran.py); None ships them whole. url: where the page will stand, if that is known.
    BuildError says what stands in the way; OSError comes from the file system.
    """
    site = Path(site)
    if not (site / "index.html").is_file():
        raise BuildError(f"{site / 'index.html'} is missing")
    if not (site / "model" / "digits.npz").is_file():
        raise BuildError(
            f"the model {site / 'model' / 'digits.npz'} is missing; "
            "make it with: python -m training fit --output site/model/digits.npz"
        )
    try:
        locked = Path(lock).read_bytes()
        files = parse_lock(locked.decode("utf-8"))
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise BuildError(f"runtime-lock.json cannot be read: {error}") from None

    runtime = {file.name: data for file, data in fetch(files, cache, sources)}
    checksums = {file.name: file.sha256 for file in files}
    runtime[PYODIDE_LOCK], numpy = without_packages(runtime[PYODIDE_LOCK], checksums)
    own = {**versions(site.parent, runtime, files), "numpy": numpy}
    texts = collected_licences(site, runtime, own)
    try:
        page = assemble(files_of(site), runtime, parse_used(used) if used else None, ran, cache.folder)
    except KeyError as error:  # as zipfile names a file that an archive does not have
        raise BuildError(f"{error.args[0]}; tools/used.py makes {used} anew") from None
    except ValueError as error:  # a pinned version that is not as the build knows it
        raise BuildError(str(error)) from None
    page["index.html"] = filled_in(page["index.html"].decode(), {**own, "address": address_tags(url)}).encode()
    page["LICENSE.txt"] = (site.parent / "LICENSE").read_bytes()
    page |= texts
    profiles = {"runtime-used.json": used, "runtime-ran.json": ran}
    inputs = {
        name: Path(each).read_bytes() if each and Path(each).exists() else None for name, each in profiles.items()
    }
    inputs["runtime-lock.json"] = locked
    page[record.NAME] = record.record(site.parent, page, own, url, **inputs)
    page[".nojekyll"] = b""  # GitHub Pages drops files that begin with _ otherwise
    return page


def collected_licences(site: Path, runtime: dict[str, bytes], versions: Mapping[str, str]) -> dict[str, bytes]:
    """The page's folder of licences, {path: bytes}; those of the lock are taken out of the runtime.

    BuildError if the model has no card, or numpy's wheel no licence.
    """
    texts = {name: runtime.pop(name) for name in LICENCES}
    wheel = next(data for name, data in runtime.items() if name.endswith(".whl"))
    try:
        card = (site / "model" / "README.md").read_bytes()
        return licences.collected(texts, wheel, card, versions)
    except FileNotFoundError:
        raise BuildError(
            "site/model/README.md is missing: it says what the model was made from and its licence"
        ) from None
    except ValueError as error:
        raise BuildError(str(error)) from None


def files_of(site: Path) -> dict[str, bytes]:
    """What belongs in the page, {path: bytes}: no hidden files, no bytecode of this machine's Python."""
    files = {}
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site)
        if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in name.parts):
            files[name.as_posix()] = path.read_bytes()
    return files
