"""What index.html says that no file of site/ knows: versions, and the address where the page stands."""

import html
import json
import tomllib
import urllib.parse
from collections.abc import Iterable, Mapping
from pathlib import Path

from building.sources.lock import LICENCES, PYODIDE_LOCK, RuntimeFile

PREVIEW = "preview.png"  # what a link to the page shows elsewhere; tools/preview.py makes it
PREVIEW_ALT = "The number reader: 2026, written by hand, and read."


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """Values in place of the page's comments <!--build:name-->; they are HTML."""
    for name, value in values.items():
        text = text.replace(f"<!--build:{name}-->", value)
    return text


def versions(project: Path, runtime: Mapping[str, bytes], files: Iterable[RuntimeFile]) -> dict[str, str]:
    """The versions of the page itself and of all that it runs on but numpy, {name: version}.

    project: the folder of pyproject.toml. runtime: {name: bytes} of files, those of the lock.
    """
    with (project / "pyproject.toml").open("rb") as stream:
        own = tomllib.load(stream)["project"]["version"]
    pyodide = json.loads(runtime[PYODIDE_LOCK])
    ran = [file for file in files if file.client == "npm" and file.name not in LICENCES]
    packages = {file.name.split("/")[0]: file.package for file in ran}
    return {
        "version": own,
        "cpython": pyodide["info"]["python"],
        **{name: package.rsplit("@", 1)[-1] for name, package in packages.items()},
    }


def address_tags(url: str | None) -> str:
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
