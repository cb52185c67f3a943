"""The sheet's own file: "number-reader-sheet 1 N", a line feed, N bytes of JSON, and behind them the pictures, one after the
other as they are. It may be hostile: what it says is checked, and refused with a sentence.

The JSON is a list of rows, each a list of entries, each null or [text, doubtful, source, bytes of its picture].
"""

import json

EXTENSION = ".numbers"
MAGIC = "number-reader-sheet"
VERSION = 1
HEAD = 64  # bytes that hold the first line
MOST_BYTES, MOST_JSON = 60_000_000, 8_000_000
MOST_ROWS, MOST_COLUMNS, LONGEST_TEXT, LONGEST_SOURCE = 20_000, 50, 1_000, 300
LARGEST_PICTURE = 4_000  # bytes: so few hold no JPEG that would fill the memory

FOREIGN = "is no sheet that this page has saved"
DAMAGED = "is damaged: not all of its sheet is there"
TOO_NEW = "was saved by a later version of this page"
TOO_LARGE = "holds more than a sheet may"


class FileError(ValueError):
    """What is wrong with a file, to be said behind its name."""


def first_part(rows):
    """The text before the pictures. rows: lists of entries, None or (text, doubtful, source, bytes of its picture)."""
    text = json.dumps([[each and list(each) for each in row] for row in rows])
    return f"{MAGIC} {VERSION} {len(text.encode())}\n{text}"


def start_of(head, size):
    """(start, end) of the JSON in a file of `size` bytes that begins with these bytes."""
    if size > MOST_BYTES:
        raise FileError(TOO_LARGE)
    line, found, _ = head[:HEAD].partition(b"\n")
    words = line.split(b" ")
    if not found or len(words) != 3 or words[0] != MAGIC.encode() or not is_number(words[1]) or not is_number(words[2]):
        raise FileError(FOREIGN)
    if int(words[1]) > VERSION:
        raise FileError(TOO_NEW)
    start, length = len(line) + 1, int(words[2])
    if length > MOST_JSON:
        raise FileError(TOO_LARGE)
    if start + length > size:
        raise FileError(DAMAGED)
    return start, start + length


def is_number(word):
    return 0 < len(word) < 10 and all([each in b"0123456789" for each in word])


def table_of(text, room):
    """The rows as lists of None or (text, doubtful, source, start, end), the last two of its picture, 0 and 0 where it has
    none. room: bytes that the file has for pictures."""
    try:
        rows = json.loads(text)
    except (ValueError, RuntimeError):
        raise FileError(DAMAGED) from None
    if not isinstance(rows, list) or not all([isinstance(row, list) for row in rows]):
        raise FileError(DAMAGED)
    if len(rows) > MOST_ROWS or any([len(row) > MOST_COLUMNS for row in rows]):
        raise FileError(TOO_LARGE)
    end = 0
    table = []
    for row in rows:
        entries = []
        for each in row:
            if each is not None:
                check(each)
                each = each[0], each[1], each[2], end, end + each[3]
                end = each[4]
            entries.append(each)
        table.append(entries)
    if end != room:
        raise FileError(DAMAGED)
    return table


def check(entry):
    """FileError if it is no entry."""
    if not isinstance(entry, list) or len(entry) != 4:
        raise FileError(DAMAGED)
    text, doubtful, source, size = entry
    if not isinstance(text, str) or not isinstance(source, str) or not isinstance(doubtful, bool):
        raise FileError(DAMAGED)
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise FileError(DAMAGED)
    if len(text) > LONGEST_TEXT or len(source) > LONGEST_SOURCE or size > LARGEST_PICTURE:
        raise FileError(TOO_LARGE)
