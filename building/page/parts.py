"""The runtime's modules as they are shipped: first parts in their places, all rests in one file."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from building.runtime.zips import kept, zipped
from building.split import splitting
from building.split.numbers import SplitError
from building.split.profile import Profile, read_profile, split_by

SPLITTER = Path(splitting.__file__).parent
FIRST, REST = "first/", "rest/"


def in_two(
    modules: Mapping[str, bytes], ran: str | Path | None, cache: str | Path, say: Callable[[str], object] = print
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """({name: first part}, {file name: rest}) of modules {name: bytes}, by the profile `ran`. One that cannot be split is in
    the first as it is, which is said; all are, silently, where `ran` is None. cache: a folder that keeps what was made.
    """
    if ran is None:
        return dict(modules), {}
    try:
        profile = read_profile(ran)
    except SplitError as error:
        say(f"The runtime is shipped whole, so that more is fetched before the page can read: {error}")
        return dict(modules), {}
    sources = [path.read_bytes() for path in sorted(SPLITTER.glob("*.py"))]
    inputs = [
        Path(ran).read_bytes(),
        *sources,
        *(part for name in sorted(modules) for part in (name.encode(), modules[name])),
    ]
    key = hashlib.sha256(b"".join(hashlib.sha256(data).digest() for data in inputs)).hexdigest()
    files = kept(Path(cache) / f"split-{key}.zip", lambda: zipped(_made(modules, profile)))
    for sentence in json.loads(files["whole.json"]):
        say(sentence)
    return tuple(  # type: ignore[return-value]
        {name.removeprefix(part): data for name, data in files.items() if name.startswith(part)}
        for part in (FIRST, REST)
    )


def _made(modules: Mapping[str, bytes], profile: Profile) -> dict[str, bytes]:
    files, whole = {}, []
    for name, data in modules.items():
        try:
            made = split_by(profile, data)
        except SplitError as error:
            files[FIRST + name] = data
            whole.append(f"{name} is shipped whole, so that more is fetched before the page can read: {error}")
        else:
            files |= {FIRST + name: made.first, f"{REST}{made.name}.wasm": made.rest}
    return files | {"whole.json": json.dumps(whole).encode()}
