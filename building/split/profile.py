"""Which functions of each module ran: a small file beside runtime-used.json, tied to the modules by their hashes."""

import base64
import json
from collections.abc import Mapping, Set
from pathlib import Path

from building.split.numbers import SplitError
from building.split.splitting import Split, hash_of, split

Profile = Mapping[str, set[int]]  # {SHA-256 of a module: its own functions that ran, from 0}
Archives = dict[
    str, dict[str, set[int]]
]  # {SHA-256 of an archive: {Python file in it: functions that ran, as building/
# compiling/stubs.py counts}}


def parse_profile(text: str) -> dict[str, set[int]]:
    """The profile that a file holds; SplitError where it holds none."""
    try:
        return {each["sha256"]: functions_in(each["ran"]) for each in json.loads(text)["modules"]}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SplitError(f"the profile is malformed: {error!r}") from None


def parse_archives(text: str) -> Archives:
    """What a profile says of Python; SplitError where it is none."""
    try:
        return {
            each["sha256"]: {name: functions_in(ran) for name, ran in each["ran"].items()}
            for each in json.loads(text).get("archives", [])
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SplitError(f"the profile is malformed: {error!r}") from None


def text_of(path: str | Path) -> str:
    """The text of a profile's file; SplitError where there is none."""
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SplitError(f"the profile cannot be read: {error}") from None


def read_profile(path: str | Path) -> dict[str, set[int]]:
    """The profile of a file; SplitError where there is none."""
    return parse_profile(text_of(path))


def written_profile(
    modules: Mapping[str, tuple[bytes, Set[int]]], archives: Mapping[str, tuple[bytes, Mapping[str, Set[int]]]] = {}
) -> str:
    """The file's text. modules: {name: (the module, its own functions that ran)}; archives: {name: (the archive, {Python file:
    functions that ran})}. These names are for people."""
    told = [
        {"name": name, "sha256": hash_of(data), "ran": written(ran)} for name, (data, ran) in sorted(modules.items())
    ]
    of_python = [
        {"name": name, "sha256": hash_of(data), "ran": {file: written(ran[file]) for file in sorted(ran)}}
        for name, (data, ran) in sorted(archives.items())
    ]
    return json.dumps({"modules": told, "archives": of_python}, indent=1) + "\n"


def written(ran: Set[int]) -> str:
    return base64.b64encode(bits_of(ran)).decode()


def functions_in(text: str) -> set[int]:
    return functions_of(base64.b64decode(text, validate=True))


def bits_of(functions: Set[int]) -> bytes:
    """A bit for each function, the lowest of the first byte for function 0."""
    bits = sum(1 << number for number in functions)
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def functions_of(bits: bytes) -> set[int]:
    """What bits_of made bits of."""
    return {8 * at + bit for at, byte in enumerate(bits) for bit in range(8) if byte >> bit & 1}


def split_by(profile: Profile, data: bytes, exports: Set[bytes] | None = None) -> Split:
    """The two modules of one by a profile. exports: see split. SplitError, with why it has to stay in one piece."""
    ran = profile.get(hash_of(data))
    if ran is None:
        raise SplitError("the profile is of another version")
    return split(data, ran, exports)
