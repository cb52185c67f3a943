"""The command `number-reader`: reads numbers from picture files and prints their text.

    number-reader PICTURE...            the text of each; of several pictures every line begins with "NAME: "
    number-reader --json PICTURE...     a JSON object for each picture, on a line of its own
    number-reader --csv PICTURE...      a photographed page, sheet, table or list, as CSV: a row a line, a cell a column
    number-reader - < PICTURE           from standard input
    --symbols digits|numbers|sums       what is read: digits; . , - + / : % ( ) $ too (if not said); = and × too
    --decimal .|,                       the sign before decimals where a number can be read two ways, as 1.234 can

Each object has "file", "text" and three lists. "digits" are {"label": 0 to 9, or null where it is refused, "confidence":
0 to 1, "box": [top, left, bottom, right] in pixels of the upright picture}. "symbols", digits and marks in their order,
have "character" besides, as in the text, and "label" can be that of a mark (`number_reader.labels`). "numbers" has a list
for each line, of {"text", "value": exact, a string of digits with a point before decimals, or null where there is none or
doubt, "kind": number, percent, money, fraction, date, time, telephone or other, "box"}; `number_reader.numbers` has their
rules. In CSV a cell that a spreadsheet would take for a formula begins with an apostrophe; plain numbers do not. Exit
status: 0 if every picture was read, 1 if one was not (an error on standard error names it, and the others are read), 2 if
the arguments are wrong.

It needs Pillow, which the extra "pictures" installs. It is no part of the page.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import sys
import warnings
from collections.abc import Sequence
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from number_reader import ImageError, ModelError, Reading, Symbol, load
from number_reader.labels import MODES

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

    from number_reader.page.cells import Page

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")  # Pillow knows others, some of which run other programs
MAX_BYTES = 50_000_000  # of a file
MAX_PIXELS = 25_000_000  # more than most cameras give; a decoder takes up to 30 bytes of memory for each
STANDARD_INPUT = "-"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins with one of these is computed by spreadsheets
NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*%?")
TOO_MANY_PIXELS = f"It has more than {MAX_PIXELS // 10**6} million pixels. Scale it down first."
NO_PILLOW = (
    'Pictures are decoded by Pillow, which is not installed: pip install pillow (the extra "pictures" brings it, too).'
)


class PictureError(ValueError):
    """A picture cannot be read; the message says why in one sentence and does not name the file."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status. Prints errors, raises none but argparse's SystemExit."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may lack × and the letters of a file's name
    options = parser().parse_args(arguments)
    try:
        status = run(options)
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # whatever read our output has enough
        # Python flushes once more at its end, which would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    described = argparse.ArgumentParser(
        prog="number-reader",
        description="Reads handwritten numbers from pictures and prints their text, ? for what is refused.",
        epilog="With several pictures each line begins with the picture's name. Status 1 if a picture cannot be read.",
    )
    described.add_argument("pictures", nargs="+", metavar="PICTURE", help="a picture file, or - for standard input")
    written = described.add_mutually_exclusive_group()
    written.add_argument(
        "--json",
        action="store_true",
        help="print a JSON object per line: file, text, and digits, symbols and numbers with their boxes (top, left, bottom, "
        "right)",
    )
    written.add_argument("--csv", action="store_true", help="read a page and print its rows and cells as CSV")
    described.add_argument(
        "--symbols",
        choices=tuple(MODES),
        default="numbers",
        help="digits alone, with the marks of numbers . , - + / : %% ( ) $ (this if not said), or of sums, = and × too",
    )
    described.add_argument(
        "--decimal",
        choices=(".", ","),
        metavar=".|,",
        help="the sign before decimals, which says what 1.234 or 1,234 is worth; if not said they have no value",
    )
    described.add_argument("--version", action="version", version=f"number-reader {version()}")
    return described


def version() -> str:
    """The installed version."""
    try:
        return metadata.version("number-reader")
    except metadata.PackageNotFoundError:  # a checkout on PYTHONPATH
        return "(not installed)"


def run(options: argparse.Namespace) -> int:
    """Read and print each picture; the exit status."""
    try:
        import PIL  # noqa: F401 - only to know that it is there
    except ImportError:
        return complain(NO_PILLOW)
    try:
        recognizer = load()
    except ModelError as error:
        return complain(str(error))
    status = 0
    for name in options.pictures:
        try:
            picture = decode(read_bytes(name))
            if options.csv:
                page = recognizer.read_page(picture, symbols=options.symbols, decimal=options.decimal)
                print(as_csv(page), end="", flush=True)
                continue
            reading = recognizer.read(picture, symbols=options.symbols, decimal=options.decimal)
        except (PictureError, ImageError) as error:
            status = complain(f"{'standard input' if name == STANDARD_INPUT else name}: {error}")
            continue
        print(as_json(name, reading) if options.json else as_text(name, reading, len(options.pictures) > 1), flush=True)
    return status


def complain(sentence: str) -> int:
    """Print an error; the exit status that it means."""
    print(f"number-reader: {printable(sentence)}", file=sys.stderr)
    return 1


def printable(text: str) -> str:
    """The text with what is not printable escaped: a file may have any name, and a terminal obeys some."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


# --- output -----------------------------------------------------------------------------------


def as_text(name: str, reading: Reading, named: bool) -> str:
    """The text of a reading; if `named`, with the picture's name before each of its lines, as grep does."""
    if not named:
        return reading.text
    return "\n".join(f"{printable(name)}: {line}" for line in reading.text.split("\n"))


def as_json(name: str, reading: Reading) -> str:
    """One line of JSON; see the module's docstring."""
    digits = [fields(digit) for digit in reading.digits]
    symbols = [{"character": symbol.character, **fields(symbol)} for symbol in reading.symbols]
    numbers = [
        [
            {
                "text": number.text,
                "value": None if number.value is None else f"{number.value:f}",
                "kind": number.kind,
                "box": [int(edge) for edge in number.box],
            }
            for number in line
        ]
        for line in reading.numbers
    ]
    return json.dumps({"file": name, "text": reading.text, "digits": digits, "symbols": symbols, "numbers": numbers})


def as_csv(page: Page) -> str:
    """The rows of a page as CSV (RFC 4180, but lines end as text does)."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([[harmless(cell.text) for cell in row] for row in page.rows])
    return out.getvalue()


def harmless(text: str) -> str:
    """A cell that no spreadsheet computes: if it begins with = + - @ and is no plain number, an apostrophe precedes it."""
    return f"'{text}" if text[:1] in FORMULA and not NUMBER.fullmatch(text) else text


def fields(symbol: Symbol) -> dict[str, Any]:
    """What JSON says of a digit."""
    box = [int(edge) for edge in symbol.box]
    return {"label": symbol.label, "confidence": round(symbol.confidence, 4), "box": box}


# --- input ------------------------------------------------------------------------------------


def read_bytes(name: str) -> bytes:
    """The bytes of a file or of standard input; PictureError if they cannot be read or are more than MAX_BYTES."""
    try:
        if name == STANDARD_INPUT:
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        elif os.path.isdir(name):
            raise PictureError("It is a folder, not a picture.")
        else:
            with open(name, "rb") as file:
                data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise PictureError("There is no such file.") from None
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
        if isinstance(error, PictureError):
            raise
        raise PictureError(f"It cannot be opened: {getattr(error, 'strerror', None) or error}.") from None
    if len(data) > MAX_BYTES:
        raise PictureError(f"It is larger than {MAX_BYTES // 10**6} MB.")
    return data


def decode(data: bytes) -> np.ndarray:
    """Bytes of a picture file -> uint8 (H, W), (H, W, 3) or (H, W, 4): upright, the first frame of an animation.

    PictureError if it is no picture of FORMATS, is damaged, or has more than MAX_PIXELS pixels, which is known before
    it is decoded.
    """
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd metadata, which the reading does not need
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                if picture.width * picture.height <= MAX_PIXELS:
                    return as_bytes(ImageOps.exif_transpose(picture))
        except Image.UnidentifiedImageError:
            raise PictureError(f"It is no picture that can be read ({', '.join(FORMATS)}).") from None
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise PictureError(TOO_MANY_PIXELS) from None
        except Exception as error:  # each decoder raises its own kind
            reason = (str(error).splitlines() or ["no reason given"])[0]
            raise PictureError(f"It is damaged and cannot be decoded: {reason.rstrip('.')}.") from None
    raise PictureError(TOO_MANY_PIXELS)


def as_bytes(picture: Picture) -> np.ndarray:
    """A Pillow picture of any mode -> uint8 (H, W), (H, W, 3) or (H, W, 4); see `scaled` for those of more than 8 bits."""
    if picture.mode[0] in "IF":
        return scaled(np.asarray(picture))
    if picture.mode in ("1", "L") and "transparency" not in picture.info:
        return np.asarray(picture.convert("L"))
    return np.asarray(picture.convert("RGBA" if picture.has_transparency_data else "RGB"))


DEPTHS = (8, 10, 12, 14, 16, 24, 31)  # bits of what scanners and cameras give, in files with room for 16 or 32
BEYOND = 1.25  # times the white that floats are meant to end at: resizing and sharpening go a little beyond it
BELOW = 0.25  # times it, below 0: likewise; what goes deeper has a sign, with grey at 0


def scaled(values: np.ndarray) -> np.ndarray:
    """Values of a picture, whole or float (H, W) of any range -> uint8 (H, W).

    No file says which value is white, so it is the least usual one that all values fit under: 255, 1023, 4095, 16383,
    65535, ...; of floats 1, too. Nothing else in the picture decides: what is dark in 8 bits stays dark, noise is not blown
    up, and a blank picture stays blank. Where values lie well below 0, black is as far below it as white is above. An
    infinite value is white or black, and NaN is black.
    """
    if values.dtype.kind != "f" and values.min() >= 0:
        depth = next(depth for depth in (*DEPTHS, 64) if int(values.max()) < 2**depth)
        return np.asarray(values >> (depth - 8), np.uint8)  # the upper 8 bits
    values = values.astype(np.float32)
    known = np.isfinite(values)
    low, high = (float(pick(values[known], initial=0)) for pick in (np.min, np.max))
    most = max(high, -low)
    whites = (1.0, *(2.0**depth - 1 for depth in DEPTHS), most)
    white = next(white for white in whites if most <= BEYOND * white)
    black = -white if low < -BELOW * white else 0.0
    share = (np.nan_to_num(values, nan=black) - np.float32(black)) / np.float32(white - black)
    return np.asarray(np.rint(np.clip(share, 0, 1) * 255), np.uint8)


if __name__ == "__main__":
    sys.exit(main())
