"""Photographed pages: digits right line by line, cells of tables in place, cheque amounts, sheets on tables, turned and
blank pictures.

    python benchmarks/tables.py --data ../shared/data [--part choose|report] [--each] [--reader read|read_page]
                                [--beside rapidocr] [--only pages cheques turned sheets blank]

`choose` pictures are for choices, and rows of single pictures are printed for them alone unless --each says otherwise.
"""

import argparse
import importlib.util
import time
from pathlib import Path

import root  # noqa: F401, first: it says where the modules below are
from threadpoolctl import threadpool_limits

from number_reader import Recognizer
from number_reader.page.page import read_page, whole
from number_reader.sheet.sheet import CUT_FOUND, FINDING_SIDE, flattened
from training.__main__ import SHIPPED, escape_what_can_not_be_written
from training.data import splits
from training.data.opening import open_dataset
from training.measuring import tables
from training.measuring.sheets import Sheets, is_found, sheets
from training.synthesis import grids

SETS = ("pages", "cheques", "turned", "sheets", "blank", "grids")
GRIDS, GRIDS_SEED = 48, {tables.CHOOSE: 1, tables.REPORT: 2}


def reader(recognizer, name, symbols="numbers"):
    """A function: uint8 picture -> rows of cells, each a text."""
    if name == "read_page":
        return lambda image: [[cell.text for cell in row] for row in recognizer.read_page(image, symbols=symbols).rows]
    return lambda image: [line.split(" ") for line in recognizer.read(image, symbols=symbols).text.split("\n")]


def rapidocr():
    """The same of RapidOCR; None if it is not installed. Its boxes whose middles share a height are a row."""
    if importlib.util.find_spec("rapidocr_onnxruntime") is None:
        return None
    from rapidocr_onnxruntime import RapidOCR

    engine = RapidOCR()

    def read(image):
        boxes = [
            (min(y for _, y in box), max(y for _, y in box), box[0][0], text) for box, text, _ in engine(image)[0] or []
        ]
        rows = []
        for top, bottom, left, text in sorted(boxes):
            for row in rows:
                if min(bottom, row[0][1]) - max(top, row[0][0]) > 0.5 * min(bottom - top, row[0][1] - row[0][0]):
                    row.append((top, bottom, left, text))
                    break
            else:
                rows.append([(top, bottom, left, text)])
        return [[text for *_, text in sorted(row, key=lambda box: box[2])] for row in rows]

    return read


def read_pages(read, data, part, each):
    found = []
    for entry, image in tables.pictures(data / "real/pages.json", part):
        start = time.process_time()
        found.append(tables.Read(entry, read(image), time.process_time() - start))
        if each:
            one = found[-1]
            right, total = one.right
            print(
                f"  {Path(entry['file']).stem:32}{right:4} of {total:4}  {one.seconds:.2f} s  {one.lines[1]}"[:160],
                flush=True,
            )
    result = tables.figures(found)
    print(
        f"pages, {part}: {result['pictures']} pictures; digits right {result['mean']:.1f} % (mean over pictures), "
        f"{result['pooled']:.1f} % (pooled); exactly right {result['exact']}, "
        f"without a digit {result['empty']}, without even a ? {result['silent']}"
    )
    for name, (right, total) in result["tables"].items():
        print(f"  {name}: {right} of {total} cells exactly right and in place ({100 * right / total:.1f} %)")


def read_cheques(read, data, part):
    exact = right = total = count = 0
    for image, label in tables.cheques(data / "real/cheque-amounts.npz", part):
        text = tables.only_digits("".join("".join(row) for row in read(image)))
        count, exact, total = count + 1, exact + (text == label), total + len(label)
        right += max(len(label) - tables.edits(label, text), 0)
    whole, digits = 100 * exact / count, 100 * right / total
    print(f"cheque amounts, {part}: {exact} of {count} exactly right ({whole:.1f} %), {digits:.1f} % of digits")


def read_turned(recognizer, data, part):
    """Made pictures turned by each angle: the same text as upright, unsure or not turned, or a sure other number.

    What a picture's EXIF says of its turn is applied by what decodes it (the browser, training/data/pictures.py), so that
    the reader never sees it: right EXIF is a picture turned by 0 degrees, and EXIF that is missing or stale is one turned by
    90, 180 or 270, which are among the angles.
    """
    angles = [0, 90, 180, 270, *(18 * k + 9 for k in range(20))]
    same = written = unsure = unturned = wrong = count = 0
    for k, (image, label) in enumerate(tables.numbers_to_turn(data / "real", part)):
        upright = recognizer.read_page(image, symbols="digits").text
        page = recognizer.read_page(tables.turned_picture(image, angles[k % len(angles)]), symbols="digits")
        count += 1
        if page.text == upright:
            same += 1
        elif "?" in page.text or not page.text:
            unsure += 1
        elif page.text == label:
            written += 1
        elif not page.turn:
            unturned += 1
        else:
            wrong += 1
            print(
                f"  {label} turned by {angles[k % len(angles)]}: {page.text!r}, upright {upright!r}, turn {page.turn:.0f}"
            )
    share = 100 / max(count, 1)
    print(
        f"turned, {part}: {count} pictures; the same text {same * share:.1f} %, another one but what is written "
        f"{written * share:.1f} %, with ? or nothing {unsure * share:.1f} %, "
        f"left as it lay {unturned * share:.1f} %, "
        f"another sure number {wrong * share:.1f} %"
    )


def read_sheets(recognizer, data, part, each):
    """Made photographs of sheets on tables; beside them the same read from their true corners."""
    scores, known = Sheets(), Sheets()
    for sheet in sheets(data / "real/strokes-numbers.jsonl.gz", part):
        page = recognizer.read_page(sheet.image, symbols="digits")
        rows = [[cell.text for cell in row] for row in page.rows]
        scores.add(sheet, rows, page.corners)
        cut = CUT_FOUND * max(sheet.image.shape) / FINDING_SIDE
        flat = flattened(sheet.image, sheet.corners, cut)
        true = read_page(recognizer, flat, symbols="digits", sheet=whole)
        known.add(sheet, [[cell.text for cell in row] for row in true.rows], sheet.corners)
        if each and rows != [[digits] for digits in sheet.digits]:
            print(
                f"  {scores.count - 1:3} {sheet.table:8} {sheet.tilt:2.0f} degrees, turned {page.turn:.0f}, "
                f"{'found' if is_found(sheet, page.corners) else 'not found'}: {sheet.digits} {rows}"
            )
    print(
        f"sheets on tables, {part}: {scores.found} of {scores.count} found, "
        f"{100 * scores.right / scores.total:.1f} % of digits right, {scores.exact} exactly right; from their true corners "
        f"{100 * known.right / known.total:.1f} %, {known.exact}; not found {dict(scores.missed)}"
    )


def read_blank(recognizer, data):
    """Made pages without digits: how many give no number."""
    quiet = count = 0
    for image in tables.pages_without_digits(data / "real/strokes-not-digits.jsonl.gz"):
        text = recognizer.read_page(image).text
        count, quiet = count + 1, quiet + (not tables.only_digits(text))
    print(f"pages without digits: in {quiet} of {count} nothing is read as a number")


def read_grids(recognizer, data, part, each):
    """Made tables with real digits: cells exactly right and in place, by kind."""
    digits = open_dataset(data / "real/strokes-digits.jsonl.gz")
    side = splits.VALIDATION if part == tables.CHOOSE else splits.TEST
    kinds = {}
    for made in grids.tables(digits, side, GRIDS, GRIDS_SEED[part]):
        start = time.process_time()
        rows = [[cell.text for cell in row] for row in recognizer.read_page(made.picture, symbols="digits").rows]
        seconds = time.process_time() - start
        right, total = tables.cells_right(made.rows, rows)
        of_kind = kinds.setdefault(made.kind, [0, 0, 0])
        of_kind[0], of_kind[1], of_kind[2] = of_kind[0] + right, of_kind[1] + total, of_kind[2] + 1
        if each:
            print(f"  {made.kind:8}{right:4} of {total:4}  {seconds:.2f} s  {made.how}", flush=True)
    for kind, (right, total, count) in kinds.items():
        print(f"made grids, {part}, {kind}: {right} of {total} cells of {count} ({100 * right / total:.1f} %)")
    right, total = (sum(each[k] for each in kinds.values()) for k in (0, 1))
    print(f"made grids, {part}: {right} of {total} cells exactly right and in place ({100 * right / total:.1f} %)")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=Path, metavar="FOLDER")
    parser.add_argument(
        "--part", nargs="+", default=[tables.CHOOSE, tables.REPORT], choices=(tables.CHOOSE, tables.REPORT)
    )
    parser.add_argument("--each", action="store_true", help="print each picture of the part report, too")
    parser.add_argument("--reader", default="read_page", choices=("read", "read_page"))
    parser.add_argument("--beside", choices=("rapidocr",), help="read the pages with another package, too")
    parser.add_argument("--only", nargs="+", default=SETS, choices=SETS, metavar="SET", help=", ".join(SETS))
    options = parser.parse_args()
    escape_what_can_not_be_written()
    recognizer = Recognizer.load(SHIPPED)
    with threadpool_limits(1):
        for part in options.part:
            shown = options.each or part == tables.CHOOSE
            if "pages" in options.only:
                read_pages(reader(recognizer, options.reader), options.data, part, shown)
            if "cheques" in options.only:
                read_cheques(reader(recognizer, options.reader, "digits"), options.data, part)
            if "grids" in options.only:
                read_grids(recognizer, options.data, part, options.each)
            if "turned" in options.only:
                read_turned(recognizer, options.data, part)
            if "sheets" in options.only:
                read_sheets(recognizer, options.data, part, shown)
        if "blank" in options.only:
            read_blank(recognizer, options.data)
        if options.beside:
            other = rapidocr()
            if other is None:
                print("rapidocr_onnxruntime is not installed: nothing to hold it against.")
            for part in options.part if other else ():
                print("RapidOCR")
                read_pages(other, options.data, part, options.each)


if __name__ == "__main__":
    main()
