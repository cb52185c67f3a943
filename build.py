"""Assemble the page: site/ and the third-party runtime become one folder of static files.

    python build.py                     writes dist/
    python build.py --serve [--port N]  builds, serves it on loopback and prints the address
    python build.py --url https://...   names the address where it will stand, for previews of links to it
    python build.py --single-file       writes build/number-reader.html, the whole page in one file to be opened as it is

The repository holds no third-party code. runtime-lock.json names every file of the runtime
with its size and SHA-256; each is taken from the first source that has it whole: the cache, a
folder given with --source, the CDN, the npm or pip client. Every byte is checked, so no source
has to be trusted. What is made of them then, building/ says: of Python's library and of numpy the
page has what it uses (runtime-used.json), as bytecode where Node can make it, compressed, in
folders named by their content.

Python 3.11 or newer, standard library only.
"""

import argparse
import hashlib
import html
import http.client
import http.server
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import tomllib
import urllib.parse
import urllib.request
import zipfile
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from building.page import licences, offline, record
from building.page.assembly import COMPILER, assemble
from building.single.single import BEGINNING, single_file

ROOT = Path(__file__).resolve().parent
CDN = "https://cdn.jsdelivr.net/"
CDN_TIMEOUT = 5  # seconds of silence; a network without the CDN should not hold up the build
CLIENT_TIMEOUT = 1800  # seconds; the package that holds numpy's wheel is about 100 MB
DIST, SINGLE_FILE = "dist", "build/number-reader.html"  # where it is written, unless --output says it
LARGEST_FILE = 64 * 2**20  # bytes; a lock that asks for more is a mistake

PYODIDE_LOCK = "pyodide/pyodide-lock.json"
PREVIEW = "preview.png"  # what a link to the page shows elsewhere; tools/preview.py makes it
PREVIEW_ALT = "The number reader: 2026, written by hand, and read."
NAMED_BY_THE_PAGE = (
    *("pyscript/core.js", "pyscript/core.css", "micropython/micropython.mjs", "micropython/micropython.wasm"),
    *(f"pyodide/{name}" for name in COMPILER),
    *licences.LOCKED,
)


class BuildError(Exception):
    """The build cannot be made; the message is for the person who asked for it."""


class RuntimeUnavailable(BuildError):
    """No source has some file of the runtime whole."""


class SourceDown(Exception):
    """A source cannot be used in this build; the message says why."""


# --- the lock -------------------------------------------------------------------------------


@dataclass(frozen=True)
class RuntimeFile:
    name: str  # path inside dist/runtime, or licences/ and a name, with forward slashes
    size: int  # bytes
    sha256: str  # lower-case hexadecimal
    cdn: str  # path on the CDN
    client: str  # "npm" or "pip"
    package: str  # as that client wants it, version included
    path: str  # path inside the package


# No segment starts with a dot (so there is no "..") or a dash (so none is taken for an option).
SEGMENT = r"@?[A-Za-z0-9_][A-Za-z0-9_.+@=-]*"
SAFE_PATH = re.compile(f"{SEGMENT}(?:/{SEGMENT})*")
FORMS = {
    "name": SAFE_PATH,
    "sha256": re.compile(r"[0-9a-f]{64}"),
    "cdn": SAFE_PATH,
    "client": re.compile(r"npm|pip"),
    "package": re.compile(r"(?:@[a-z0-9-]+/)?[a-z0-9][a-z0-9._-]*(?:@|==)[0-9][0-9a-z.-]*"),
    "path": SAFE_PATH,
}


def parse_lock(text):
    """The files named by the text of a runtime-lock.json; BuildError when it is malformed."""
    try:
        lock = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BuildError(f"runtime-lock.json is not JSON: {error}") from None
    if not isinstance(lock, dict) or not isinstance(lock.get("files"), list):
        raise BuildError('runtime-lock.json must be an object with a list "files"')
    files = [parse_entry(entry) for entry in lock["files"]]
    names = [file.name.lower() for file in files]  # some file systems ignore case
    for name in names:
        if names.count(name) > 1 or any(other.startswith(name + "/") for other in names):
            raise BuildError(f"runtime-lock.json names {name} twice, or as a file and as a folder")
    for name in NAMED_BY_THE_PAGE:
        if name not in [file.name for file in files]:
            raise BuildError(f"runtime-lock.json lacks {name}, which the page needs")
    return files


def parse_entry(entry):
    """One file of the lock; BuildError when a field is missing, unknown or malformed."""
    if not isinstance(entry, dict) or entry.keys() != {*FORMS, "size"}:
        raise BuildError(f"runtime-lock.json: a file needs {', '.join(FORMS)} and size: {entry!r}")
    for field, form in FORMS.items():
        if not isinstance(entry[field], str) or not form.fullmatch(entry[field]):
            raise BuildError(f"runtime-lock.json: {entry[field]!r} is no {field}")
    if type(entry["size"]) is not int or not 0 < entry["size"] <= LARGEST_FILE:
        raise BuildError(f"runtime-lock.json: {entry['size']!r} is no size")
    return RuntimeFile(**entry)


# --- where the bytes come from --------------------------------------------------------------
#
# A source has a name and read(file), which returns bytes not yet checked, or None where the
# source has no such file. OSError and SourceDown take the source out of the rest of the build.
# One byte more than the lock allows is enough to know that a file is wrong.


class Folder:
    """A folder that holds files under their lock names (--source)."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.name = f"the folder {folder}"
        if not self.folder.is_dir():
            raise BuildError(f"--source {folder}: there is no such folder")

    def read(self, file):
        try:
            with (self.folder / file.name).open("rb") as stream:
                return stream.read(file.size + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None


class Cdn:
    """The jsDelivr CDN, or whatever the opener makes of its addresses."""

    name = "the CDN"

    def __init__(self, opener=urllib.request.urlopen):
        self.opener = opener

    def read(self, file):
        try:
            with self.opener(CDN + file.cdn, timeout=CDN_TIMEOUT) as response:
                return response.read(file.size + 1)
        except (OSError, http.client.HTTPException) as error:
            raise SourceDown(getattr(error, "reason", None) or repr(error)) from None


class PackageClient:
    """A package client and the packages it has downloaded into a scratch folder."""

    def __init__(self, scratch):
        self.scratch = Path(scratch)
        self.archives = {}

    def read(self, file):
        if file.client != self.name:
            return None
        if file.package not in self.archives:
            self.archives[file.package] = self.download(file.package)
        try:
            return self.member(self.archives[file.package], file)
        except KeyError:
            return None
        except Exception as error:  # noqa: BLE001 - a hostile archive can make its reader raise any
            raise SourceDown(f"{file.package} came damaged: {error!r}") from None

    def download(self, package):
        """The path of the package's archive; SourceDown when the client does not deliver it."""
        command = [*self.command(), package]
        print(f"asking {self.name} for {package}", flush=True)
        folder = Path(tempfile.mkdtemp(dir=self.scratch))
        try:
            result = run_client(command, CLIENT_TIMEOUT, folder)
        except subprocess.TimeoutExpired:
            raise SourceDown(f"{package} took more than {CLIENT_TIMEOUT} s") from None
        archives = list(folder.iterdir())
        if result.returncode or len(archives) != 1:
            raise SourceDown(f"{package} was not delivered: {complaint(result)}")
        return archives[0]


def run_client(command, seconds, folder=None):
    """What came of a package client's command, run in `folder`; subprocess.TimeoutExpired after so many seconds."""
    return subprocess.run(
        command,
        cwd=folder,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds,
    )


def complaint(result):
    """Why a client did not do what it was asked, as it says itself."""
    error = re.search(r"^(?:npm )?error.*", result.stderr, re.IGNORECASE | re.MULTILINE)
    return error[0] if error else f"exit status {result.returncode}"


class Npm(PackageClient):
    name = "npm"

    def command(self):
        npm = shutil.which("npm")
        if npm is None:
            raise SourceDown("it is not installed")
        return [npm, "pack", "--loglevel=error", "--fetch-retries=1"]

    def member(self, archive, file):
        with tarfile.open(archive) as package:
            return package.extractfile(f"package/{file.path}").read(file.size + 1)


class Pip(PackageClient):
    name = "pip"

    def command(self):
        if importlib.util.find_spec("pip") is None:
            raise SourceDown(f"{sys.executable} has no pip; run build.py with a Python that has")
        # The package is only a box around numpy's wheel: its dependencies and the Python it was
        # made for do not matter. The cache below keeps the wheel, so pip need not keep the box.
        return [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"),
            *("--python-version", "3.12", "--only-binary=:all:", "--dest", "."),
        ]

    def member(self, archive, file):
        with zipfile.ZipFile(archive) as package, package.open(file.path) as stream:
            return stream.read(file.size + 1)


@contextmanager
def usual_sources(folders=()):
    """The sources of an ordinary build, in the order in which they are asked."""
    with tempfile.TemporaryDirectory(prefix="number-reader-") as scratch:
        yield [*map(Folder, folders), Cdn(), Npm(scratch), Pip(scratch)]


class Cache:
    """Files of earlier builds, each under its SHA-256; a damaged one is thrown away."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def read(self, file):
        path = self.folder / file.sha256
        try:
            with path.open("rb") as stream:
                data = stream.read(file.size + 1)
        except FileNotFoundError:
            return None
        if damage := mismatch(file, data):
            print(f"{file.name} was damaged in the cache and is fetched again: {damage}")
            path.unlink()
            return None
        return data

    def keep(self, file, data):
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            whole = Path(scratch) / file.sha256
            whole.write_bytes(data)
            whole.replace(self.folder / file.sha256)  # never half a file under its final name


def usual_cache():
    return Cache(os.environ.get("NUMBER_READER_CACHE") or ROOT / ".cache" / "runtime")


def mismatch(file, data):
    """What is wrong with these bytes, in words; None when they are the file of the lock."""
    got = hashlib.sha256(data).hexdigest()
    if got == file.sha256 and len(data) == file.size:
        return None
    size = f"more than {file.size}" if len(data) > file.size else len(data)
    return f"expected {file.size} bytes, SHA-256 {file.sha256}; got {size} bytes, SHA-256 {got}"


def fetch(files, cache, sources):
    """Yield (file, bytes) for each file, every byte checked; BuildError when none has it."""
    down = {}
    for file in files:
        data = cache.read(file)
        if data is None:
            data = ask(file, sources, down)
            cache.keep(file, data)
        yield file, data


def ask(file, sources, down):
    """The file's bytes from the first source that has them whole.

    `down` maps sources that failed to the reason; they are not asked again.
    """
    answers = []
    for source in sources:
        data = None
        if source not in down:
            try:
                data = source.read(file)
            except (OSError, SourceDown) as error:
                down[source] = error
        if data is not None:
            damage = mismatch(file, data)
            if damage is None:
                print(f"{file.name} from {source.name}", flush=True)
                return data
            answers.append(f"{source.name}: wrong bytes: {damage}")
        elif source in down:
            answers.append(f"{source.name}: {down[source]}")
        else:
            answers.append(f"{source.name}: does not have it")
    raise RuntimeUnavailable(
        "\n  ".join([f"no source has {file.name}:", *answers])
        + "\nOne of them has to be reachable, or a folder that has the file be given with --source."
    )


# --- the page -------------------------------------------------------------------------------


def build(output, *project, **how):
    """Write the page's folder, whole or not at all: a failed build leaves the last one alone.

    project, how: what make takes. BuildError says what stands in the way; OSError comes from the file system.
    """
    output = Path(output).resolve()
    if output.exists() and not (output / "index.html").is_file() and any(output.iterdir()):
        raise BuildError(f"{output} holds something else than a built page; it is left as it is")
    page = make(*project, **how)
    offline.finish(page)
    write_whole(output, page)


def build_single_file(output, *project, **how):
    """As build, but the page is one file of HTML."""
    output = Path(output).resolve()
    if output.exists() and not begins_as_page(output):
        raise BuildError(f"{output} is something else than this page in one file; it is left as it is")
    page = make(*project, **how)
    try:
        content = single_file(page)
    except ValueError as error:
        raise BuildError(str(error)) from None
    write_whole(output, content)


def begins_as_page(path):
    with path.open("rb") as stream:
        return stream.read(len(BEGINNING)) == BEGINNING.encode()


def make(
    site=ROOT / "site",
    lock=ROOT / "runtime-lock.json",
    used=ROOT / "runtime-used.json",
    *,
    cache,
    sources,
    url=None,
):
    """The page, {path: bytes}, but for what is only done to a folder of it.

    The page's version stands in pyproject.toml beside `site`. used: the file that says what of Python's library and of
    numpy the page uses (tools/used.py wrote it); None keeps all. url: where the page will stand, if that is known.
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
        lock = Path(lock).read_bytes()
        files = parse_lock(lock.decode("utf-8"))
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise BuildError(f"runtime-lock.json cannot be read: {error}") from None

    runtime = {file.name: data for file, data in fetch(files, cache, sources)}
    runtime[PYODIDE_LOCK], numpy = without_packages(runtime[PYODIDE_LOCK], files)
    told = {**versions(site.parent, runtime, files), "numpy": numpy}
    texts = collected_licences(site, runtime, told)
    try:
        page = assemble(files_of(site), runtime, used and parse_used(used), cache.folder)
    except KeyError as error:  # as zipfile names a file that an archive does not have
        raise BuildError(f"{error.args[0]}; tools/used.py makes {used} anew") from None
    except ValueError as error:  # a pinned version that is not as the build knows it
        raise BuildError(str(error)) from None
    page["index.html"] = filled_in(page["index.html"].decode(), {**told, "address": address_tags(url)}).encode()
    page["LICENSE.txt"] = (site.parent / "LICENSE").read_bytes()
    page |= texts
    inputs = {"runtime-lock.json": lock, "runtime-used.json": used and Path(used).read_bytes()}
    page[record.NAME] = record.record(site.parent, page, told, url, **inputs)
    page[".nojekyll"] = b""  # GitHub Pages drops files that begin with _ otherwise
    return page


def collected_licences(site, runtime, versions):
    """The page's folder of licences, {path: bytes}; those of the lock are taken out of the runtime."""
    texts = {name: runtime.pop(name) for name in licences.LOCKED}
    wheel = next(data for name, data in runtime.items() if name.endswith(".whl"))
    try:
        card = (site / "model" / "README.md").read_bytes()
        return licences.collected(texts, wheel, card, versions)
    except FileNotFoundError:
        raise BuildError("site/model/README.md is missing: it says what the model was made from and its licence") from None
    except ValueError as error:
        raise BuildError(str(error)) from None


def parse_used(path):
    """{"library": [name], "numpy": [name]} of a runtime-used.json; BuildError when it is malformed."""
    try:
        used = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BuildError(f"{Path(path).name} cannot be read, or is not JSON: {error}") from None
    lists = used.values() if isinstance(used, dict) and used.keys() == {"library", "numpy"} else [None]
    if not all(isinstance(names, list) and all(isinstance(name, str) for name in names) for names in lists):
        raise BuildError(f'{Path(path).name} must be an object of two lists of names, "library" and "numpy"')
    return used


def files_of(site):
    """What belongs in the page, {path: bytes}: no hidden files, no bytecode of this machine's Python."""
    files = {}
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site)
        if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in name.parts):
            files[name.as_posix()] = path.read_bytes()
    return files


def write_whole(output, content):
    """Put the bytes of a file, or a folder of files {path: bytes}, in place of `output`, or leave that as it is."""
    output.parent.mkdir(parents=True, exist_ok=True)
    # A sibling of the output, so that putting it in place is a rename.
    with tempfile.TemporaryDirectory(prefix=".build-", dir=output.parent) as scratch:
        new, old = Path(scratch) / "new", Path(scratch) / "old"
        for name, data in content.items() if isinstance(content, dict) else [("", content)]:
            target = new / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        if output.exists():
            output.rename(old)
        try:
            new.rename(output)
        except OSError:
            if old.exists():
                old.rename(output)
            raise


def filled_in(text, values):
    """Values in place of the page's comments <!--build:name-->; they are HTML."""
    for name, value in values.items():
        text = text.replace(f"<!--build:{name}-->", value)
    return text


def versions(project, runtime, files):
    """What the page says of the version of itself and of all that it runs on."""
    with (project / "pyproject.toml").open("rb") as stream:
        own = tomllib.load(stream)["project"]["version"]
    pyodide = json.loads(runtime[PYODIDE_LOCK])
    ran = [file for file in files if file.client == "npm" and file.name not in licences.LOCKED]
    packages = {file.name.split("/")[0]: file.package for file in ran}
    return {
        "version": own,
        "cpython": pyodide["info"]["python"],
        **{name: package.rsplit("@", 1)[-1] for name, package in packages.items()},
    }


def address_tags(url):
    """The tags of the page's head that need an absolute address; none when it is not known."""
    if not url:
        return ""
    url, picture = html.escape(url), html.escape(urllib.parse.urljoin(url, PREVIEW))
    return (
        f'<link rel="canonical" href="{url}">\n'
        f'  <meta property="og:url" content="{url}">\n'
        f'  <meta property="og:image" content="{picture}">\n'
        f'  <meta property="og:image:width" content="1200">\n'
        f'  <meta property="og:image:height" content="630">\n'
        f'  <meta property="og:image:alt" content="{PREVIEW_ALT}">\n'
        f'  <meta name="twitter:card" content="summary_large_image">'
    )


def without_packages(data, files):
    """Pyodide's list of packages with none, as the page brings numpy itself; and numpy's version."""
    lock = json.loads(data)
    numpy = lock["packages"]["numpy"]
    checksums = {file.name: file.sha256 for file in files}
    if checksums.get(f"pyodide/{numpy['file_name']}") != numpy["sha256"]:
        raise BuildError(f"runtime-lock.json lacks Pyodide's own numpy, {numpy['file_name']}")
    lock["packages"] = {}
    return json.dumps(lock, indent=2, sort_keys=True).encode(), numpy["version"]


# --- the server -----------------------------------------------------------------------------


MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".npz": "application/octet-stream",
    ".packed": "application/octet-stream",
    ".png": "image/png",
    ".py": "text/x-python; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".whl": "application/octet-stream",
    ".zip": "application/zip",
}


NAMED_BY_CONTENT = re.compile(r"/(?:runtime|model|code)-[0-9a-f]{10}/")


class PageHandler(http.server.SimpleHTTPRequestHandler):
    """Files of one folder under the server's prefix, with the media types browsers insist on."""

    protocol_version = "HTTP/1.1"
    extensions_map = MEDIA_TYPES

    def send_head(self):
        if not self.path.startswith(self.server.prefix):
            return self.send_error(404)
        return super().send_head()

    def translate_path(self, path):
        return super().translate_path("/" + path.removeprefix(self.server.prefix))

    def list_directory(self, path):
        return self.send_error(404)

    def cache_control(self):
        """What is named by its content never changes; of the rest the next build shows without a hard reload."""
        return "max-age=31536000, immutable" if NAMED_BY_CONTENT.search(self.path) else "no-cache"

    def end_headers(self):
        self.send_header("Cache-Control", self.cache_control())
        super().end_headers()

    def log_message(self, *message):
        pass


class PageServer(http.server.ThreadingHTTPServer):
    """Serves a folder on loopback. `url` is where the page is; close() ends it."""

    allow_reuse_address = os.name != "nt"  # there it would let two servers share a port

    def __init__(self, directory, port=0, prefix="/"):
        """Port 0 takes a free one. BuildError when the port cannot be had."""
        self.prefix = prefix
        try:
            super().__init__(("127.0.0.1", port), PageHandler)
        except OSError as error:
            raise BuildError(
                f"port {port} cannot be used ({error.strerror}); choose another with --port, "
                "or any free one with --port 0"
            ) from None
        self.directory = directory
        self.url = f"http://127.0.0.1:{self.server_port}{prefix}"

    def finish_request(self, request, client_address):
        self.RequestHandlerClass(request, client_address, self, directory=self.directory)

    def handle_error(self, request, client_address):
        # A browser that leaves in the middle of a file is nobody's error.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def close(self):
        self.shutdown()
        self.server_close()


def serve(directory, port=0, prefix="/"):
    """A PageServer already answering in a thread of its own; BuildError as PageServer."""
    server = PageServer(directory, port, prefix)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


# --- the command ----------------------------------------------------------------------------


def port_number(text):
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError
    return port


def web_address(text):
    """An https:// or http:// address of a folder, whose slash may be left out."""
    parts = urllib.parse.urlsplit(text)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    return text if text.endswith("/") else text + "/"


def main(arguments=None):
    """Run the command line; the exit status. Failures that can be expected print one message."""
    parser = argparse.ArgumentParser(description="Build the static page into a folder, or into one file.")
    parser.add_argument("--serve", action="store_true", help="serve the page when it is built")
    parser.add_argument("--port", type=port_number, default=8000, help="0 takes a free one")
    parser.add_argument("--url", type=web_address, help="where the page will stand, https://...")
    parser.add_argument("--single-file", action="store_true", help="write one HTML file that needs no server")
    parser.add_argument("--output", type=Path, help=f"the folder to write, else {DIST}; or the file, else {SINGLE_FILE}")
    parser.add_argument(
        "--source",
        type=Path,
        action="append",
        default=[],
        metavar="FOLDER",
        help="a folder that holds runtime files by lock name; may be repeated",
    )
    options = parser.parse_args(arguments)
    if options.single_file and (options.serve or options.url):
        parser.error("--single-file goes without --serve and --url: it has no address")
    try:
        run(options)
    except KeyboardInterrupt:
        pass
    except BuildError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        print(f"build.py: {error.strerror or error}{where}", file=sys.stderr)
        return 1
    return 0


def run(options):
    if options.single_file:
        output = options.output or ROOT / SINGLE_FILE
        if output.is_dir():
            output /= Path(SINGLE_FILE).name
        with usual_sources(options.source) as sources:
            build_single_file(output, cache=usual_cache(), sources=sources)
        print(f"{output}: {output.stat().st_size / 1e6:.1f} MB", flush=True)
        return
    output = options.output or ROOT / DIST
    # The port first: who cannot have it need not wait for a build.
    with PageServer(output, options.port) if options.serve else nullcontext() as server:
        with usual_sources(options.source) as sources:
            build(output, cache=usual_cache(), sources=sources, url=options.url)
        size = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
        print(f"{output}: {size / 1e6:.1f} MB", flush=True)
        if server:
            print(f"Serving on {server.url} (Ctrl-C ends it)", flush=True)
            server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
