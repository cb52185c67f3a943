"""Fetches the files of the lock: from the cache, else from the first source that has them whole."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from building.common import BuildError
from building.sources.cache import Cache
from building.sources.clients import Npm, Pip
from building.sources.lock import RuntimeFile, mismatch
from building.sources.source import Cdn, Folder, Source, SourceDown


class RuntimeUnavailable(BuildError):
    """No source has some file of the runtime whole."""


@contextmanager
def usual_sources(folders: Iterable[str | Path] = ()) -> Iterator[list[Source]]:
    """The sources of an ordinary build, in the order in which they are asked. BuildError when a folder is not there."""
    with tempfile.TemporaryDirectory(prefix="number-reader-") as scratch:
        yield [*map(Folder, folders), Cdn(), Npm(scratch), Pip(scratch)]


def fetch(files: Iterable[RuntimeFile], cache: Cache, sources: Sequence[Source]) -> Iterator[tuple[RuntimeFile, bytes]]:
    """Yield (file, bytes) for each file, every byte checked; RuntimeUnavailable when none has it."""
    down: dict[Source, Exception] = {}
    for file in files:
        data = cache.read(file)
        if data is None:
            data = ask(file, sources, down)
            cache.keep(file, data)
        yield file, data


def ask(file: RuntimeFile, sources: Sequence[Source], down: dict[Source, Exception]) -> bytes:
    """The file's bytes from the first source that has them whole; RuntimeUnavailable when none has.

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
