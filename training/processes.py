"""Where joblib's processes put what they share."""

import contextlib
import os
import tempfile
from pathlib import Path

from joblib import parallel_config

MOST = 200  # characters of the folder: joblib adds its own names, and sends all in messages of 512 bytes
PLACES = ("/dev/shm", "/tmp", "/var/tmp", Path(__file__).parent.parent / "build")


@contextlib.contextmanager
def shared_folder():
    """Let `joblib.Parallel` work where the folder for temporary files has a name that is not ASCII, or is long: joblib's
    messages about that folder can be neither, and UnicodeEncodeError would end the work. Another folder is taken then, or,
    where there is none, threads instead of processes, which is slower."""
    if _is_plain(os.environ.get("JOBLIB_TEMP_FOLDER") or tempfile.gettempdir()):
        yield
        return
    with contextlib.ExitStack() as stack:
        options = {"backend": "threading"}
        for place in filter(_is_plain, map(str, PLACES)):
            try:
                options = {"temp_folder": stack.enter_context(tempfile.TemporaryDirectory(dir=place))}
                break
            except OSError:
                continue
        stack.enter_context(parallel_config(**options))
        yield


def _is_plain(folder):
    return folder.isascii() and folder.isprintable() and len(folder) <= MOST
