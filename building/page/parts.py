"""The runtime as it is shipped: the first parts of its modules in their places, all rests in one file, and Emscripten's glue
without what only cut exports need. What ran of Python's own functions is looked up here, too."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from building.runtime.zips import kept, zipped
from building.split import splitting
from building.split.exports import cut
from building.split.numbers import SplitError
from building.split.profile import Profile, parse_archives, read_profile, split_by, text_of
from building.split.splitting import hash_of

SPLITTER = Path(splitting.__file__).parent
FIRST, REST, GLUE, SAID = "first/", "rest/", "glue", "said.json"
WHOLE = "is shipped whole, so that more is fetched before the page can read"


@dataclass(frozen=True)
class Runtime:
    """modules: {name: bytes} of WebAssembly that the page has. main: the name of Pyodide's among them, which `glue`,
    JavaScript, makes run. sides: every module that may be linked to it. texts: what may ask it for exports by name."""

    modules: Mapping[str, bytes]
    main: str
    glue: bytes
    sides: Sequence[bytes] = ()
    texts: Sequence[bytes] = ()


@dataclass(frozen=True)
class Parts:
    """firsts: {name: bytes} of what stands for each module. rests: {file name: bytes}. glue: that goes with them."""

    firsts: dict[str, bytes]
    rests: dict[str, bytes]
    glue: bytes


def in_two(runtime: Runtime, ran: str | Path | None, cache: str | Path, say: Callable[[str], object] = print) -> Parts:
    """The runtime in two parts by the profile `ran`. What cannot be split is there as it is, which is said; all of it is,
    silently, where `ran` is None. cache: a folder that keeps what was made."""
    whole = Parts(dict(runtime.modules), {}, runtime.glue)
    if ran is None:
        return whole
    try:
        profile = read_profile(ran)
    except SplitError as error:
        say(f"The runtime {WHOLE}: {error}")
        return whole
    sources = [path.read_bytes() for path in sorted(SPLITTER.glob("*.py"))]
    modules = [part for name in sorted(runtime.modules) for part in (name.encode(), runtime.modules[name])]
    inputs = [Path(ran).read_bytes(), Path(__file__).read_bytes(), *sources, *modules]
    inputs += [runtime.glue, b"sides", *runtime.sides, b"texts", *runtime.texts]
    key = hashlib.sha256(b"".join(hashlib.sha256(data).digest() for data in inputs)).hexdigest()
    files = kept(Path(cache) / f"split-{key}.zip", lambda: zipped(_made(runtime, profile)))
    for sentence in json.loads(files[SAID]):
        say(sentence)
    firsts, rests = (
        {name.removeprefix(part): data for name, data in files.items() if name.startswith(part)}
        for part in (FIRST, REST)
    )
    return Parts(firsts, rests, files[GLUE])


def _made(runtime: Runtime, profile: Profile) -> dict[str, bytes]:
    files, said = {GLUE: runtime.glue}, []
    for name, data in runtime.modules.items():
        try:
            made = split_by(profile, data)
        except SplitError as error:
            files[FIRST + name] = data
            said.append(f"{name} {WHOLE}: {error}")
            continue
        if name == runtime.main:
            try:
                less = cut(runtime.glue, data, runtime.sides, runtime.texts)
                made, files[GLUE] = split_by(profile, data, less.exports), less.glue
            except SplitError as error:
                said.append(f"The JavaScript of {name} {WHOLE}: {error}")
        files |= {FIRST + name: made.first, f"{REST}{made.name}.wasm": made.rest}
    return files | {SAID: json.dumps(said).encode()}


def ran_of_python(
    archives: Mapping[str, bytes], ran: str | Path | None, say: Callable[[str], object] = print
) -> dict[str, set[int]]:
    """{"archive/file.py": functions that ran} by the profile `ran`, for compiling.bytecode, of archives {name: bytes as
    published}; of those that the profile does not know nothing, which is said."""
    if ran is None:
        return {}
    try:
        known = parse_archives(text_of(ran))
    except SplitError:
        return {}  # in_two says it
    found: dict[str, set[int]] = {}
    for name, data in archives.items():
        files = known.get(hash_of(data))
        if files is None:
            say(f"Python of {name} {WHOLE}: the profile is of another version")
        found |= {f"{name}/{file}": functions for file, functions in (files or {}).items()}
    return found
