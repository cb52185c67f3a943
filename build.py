"""Assemble the page: site/ and the third-party runtime become one folder of static files.

    python build.py                     writes dist/
    python build.py --serve [--port N]  builds, serves it on loopback and prints the address
    python build.py --url https://...   names the address where it will stand, for previews of links to it
    python build.py --single-file       writes build/number-reader.html, the whole page in one file, to be opened as is

The repository holds no third-party code. runtime-lock.json names every file of the runtime
with its size and SHA-256; each is taken from the first source that has it whole: the cache, a
folder given with --source, the CDN, the npm or pip client. Every byte is checked, so no source
has to be trusted. What is made of them then is in building/, of which this is only the command:
of Python's library and of numpy the page has what it uses (runtime-used.json), as bytecode where
Node can make it, compressed, in folders named by their content.

Python 3.11 or newer, standard library only.
"""

import argparse
import sys
import urllib.parse
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from building.common import ROOT, BuildError
from building.page.folder import build_folder
from building.server import PageServer
from building.single.single import build_single_file
from building.sources.cache import usual_cache
from building.sources.fetching import usual_sources

DIST, SINGLE_FILE = "dist", "build/number-reader.html"  # where it is written, unless --output says it


def port_number(text: str) -> int:
    """A port of --port; ValueError, which argparse reports, if there is none of that number."""
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError
    return port


def web_address(text: str) -> str:
    """An https:// or http:// address of a folder, whose slash may be left out; else ValueError."""
    parts = urllib.parse.urlsplit(text)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    return text if text.endswith("/") else text + "/"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status. Failures that can be expected print one message."""
    parser = argparse.ArgumentParser(description="Build the static page into a folder, or into one file.")
    parser.add_argument("--serve", action="store_true", help="serve the page when it is built")
    parser.add_argument("--port", type=port_number, default=8000, help="0 takes a free one")
    parser.add_argument("--url", type=web_address, help="where the page will stand, https://...")
    parser.add_argument("--single-file", action="store_true", help="write one HTML file that needs no server")
    parser.add_argument(
        "--output", type=Path, help=f"the folder to write, else {DIST}; or the file, else {SINGLE_FILE}"
    )
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


def run(options: argparse.Namespace) -> None:
    """Build what the options ask for; BuildError and OSError as build_folder, build_single_file and PageServer."""
    if options.single_file:
        output = options.output or ROOT / SINGLE_FILE
        if output.is_dir():
            output /= Path(SINGLE_FILE).name
        with usual_sources(options.source) as sources:
            build_single_file(output, cache=usual_cache(), sources=sources)
        print(f"{output}: {output.stat().st_size / 1e6:.1f} MB", flush=True)
        return
    output = options.output or ROOT / DIST
    # The port first: where it is taken, nobody has to wait for a build.
    with PageServer(output, options.port) if options.serve else nullcontext() as server:
        with usual_sources(options.source) as sources:
            build_folder(output, cache=usual_cache(), sources=sources, url=options.url)
        size = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
        print(f"{output}: {size / 1e6:.1f} MB", flush=True)
        if server:
            print(f"Serving on {server.url} (Ctrl-C ends it)", flush=True)
            server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
