"""Names by content: folders whose names hold a hash of what is in them, so that no two builds are ever mixed.

A host or a browser may keep files of the last deployment for minutes: an address stands for the same bytes for ever.
"""

import hashlib
import posixpath
import re
from collections.abc import Mapping

# A relative address as it stands in HTML, CSS, JavaScript, Python and JSON.
ADDRESS = re.compile(r"""(?<=["'(])\.\.?/[\w./@-]*(?=["')])""")


def content_hash(files: Mapping[str, bytes]) -> str:
    """Ten hexadecimal digits for {name: bytes}."""
    sums = (name.encode() + b"\0" + hashlib.sha256(files[name]).digest() for name in sorted(files))
    return hashlib.sha256(b"".join(sums)).hexdigest()[:10]


def addressed(text: str, here: str, there: str, moved: Mapping[str, str]) -> str:
    """`text` with its relative addresses changed for files that have moved.

    here, there: the folders, of the page, that addresses start from, before and after. moved: {old folder: new folder}.
    What stands there that is no address of a moved folder stays as it is.
    """

    def change(match: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(here, match[0]))
        for old, new in moved.items():
            if path == old or path.startswith(old + "/"):
                path = new + path[len(old) :]
                break
        else:
            if here == there:
                return match[0]
        relative = posixpath.relpath(path, there or ".")
        slash = "/" if match[0].endswith("/") else ""
        return (relative if relative.startswith(".") else "./" + relative) + slash

    return ADDRESS.sub(change, text)
