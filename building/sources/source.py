"""What a source is, and the two that need no package client: a folder and the CDN.

A source has a name and read(file), which returns bytes not yet checked, or None where the source has no such file.
OSError and SourceDown take the source out of the rest of the build. One byte more than the lock allows is enough to
know that a file is wrong.
"""

import http.client
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from building.common import BuildError
from building.sources.lock import RuntimeFile

CDN = "https://cdn.jsdelivr.net/"
CDN_TIMEOUT = 5  # seconds of silence; a network without the CDN should not hold up the build


class SourceDown(Exception):
    """A source cannot be used in this build; the message says why."""


class Source(Protocol):
    """Where files of the runtime can be had."""

    name: str

    def read(self, file: RuntimeFile) -> bytes | None:
        """The file's bytes, not checked; None if it is not there. OSError, SourceDown if the source cannot be used."""


class Folder:
    """A folder that holds files under their lock names (--source)."""

    def __init__(self, folder: str | Path) -> None:
        """BuildError when there is no such folder."""
        self.folder = Path(folder)
        self.name = f"the folder {folder}"
        if not self.folder.is_dir():
            raise BuildError(f"--source {folder}: there is no such folder")

    def read(self, file: RuntimeFile) -> bytes | None:
        """As Source.read."""
        try:
            with (self.folder / file.name).open("rb") as stream:
                return stream.read(file.size + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None


class Cdn:
    """The jsDelivr CDN, or whatever the opener makes of its addresses."""

    name = "the CDN"

    def __init__(self, opener: Callable[..., Any] = urllib.request.urlopen) -> None:
        self.opener = opener

    def read(self, file: RuntimeFile) -> bytes | None:
        """As Source.read; SourceDown when the CDN does not answer with the whole file."""
        try:
            with self.opener(CDN + file.cdn, timeout=CDN_TIMEOUT) as response:
                return response.read(file.size + 1)
        except (OSError, http.client.HTTPException) as error:
            raise SourceDown(getattr(error, "reason", None) or repr(error)) from None
