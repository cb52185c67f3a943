"""The page's first guess, which MicroPython makes of the pen's strokes until the recogniser is there.

    python benchmarks/guess.py --data ../shared/data

prints, for writers whom no training has seen: how many single digits are wrong or unread, how many numbers of two to five
digits are right, in how many made strings a mark becomes a digit that is shown as sure; then, on the page in Chromium with
the recogniser held back, how long after pen-up a guess is there, and the longest task meanwhile. Ends with status 1 where a
bar of the first three is missed. --split validation is for choices.
"""

import argparse
import statistics
import sys
import threading
from pathlib import Path

import numpy as np
from opened import opened_page, served_folder  # first: it says where the modules below are

from building.common import ROOT
from building.page.assembly import pen_of
from building.page.making import files_of
from building.runtime.packing import packed_files
from number_reader.pen.reader import PenReader
from tests.browser.hand import Hand, place
from tests.browser.serving import Site, held
from training.data import splits
from training.data.opening import open_dataset
from training.synthesis import expressions, pens

SEED = 11
MADE = 300  # strings
MARKED = tuple(kind for kind in expressions.KINDS if kind != "plain")
LENGTHS = range(2, 6)
WRITTEN = 12  # numbers on the page: after 45 s it says that nothing comes, and the pad moves
WRONG, RIGHT, UNSAID, BYTES, TASK = 3, 85, 2, 45_000, 50  # bars: at most %, at least %, at most %, at most, at most ms


def guessed(reader, strokes):
    """[(text, sure)] of pen-downs, lists of (x, y) or (n, 2) arrays."""
    for _ in reader.read([np.asarray(stroke).tolist() for stroke in strokes]):
        pass
    return reader.guess


def singles(reader, digits, split):
    """(wrong %, unread %, wrong or unread %, its mean over writers, digits, shown as sure though wrong %)."""
    items = pens.digits_of(digits, split)
    results = [guessed(reader, digits.strokes[i]) for i in items]
    right = np.array([len(each) == 1 and each[0][0] == digits.texts[i] for each, i in zip(results, items)])
    unread = np.array([not any(text.isdigit() for text, _ in each) for each in results])
    sure = np.array([all(sure for _, sure in each) for each in results])
    writers = digits.groups[items]
    mean = np.mean([100 * (1 - right[writers == name].mean()) for name in sorted(set(writers))])
    shares = [100 * each.mean() for each in (~right & ~unread, unread, ~right)]
    return *shares, mean, len(items), 100 * (sure & ~right).mean(), 100 * (~sure & right).mean()


def whole_numbers(reader, numbers, split):
    """(right %, numbers, wrong though all of it is sure)."""
    items = [i for i in np.flatnonzero(numbers.split == split) if numbers.texts[i].isdecimal()]
    items = [i for i in items if len(numbers.texts[i]) in LENGTHS]
    results = [guessed(reader, numbers.strokes[i]) for i in items]
    right = [numbers.texts[i] == "".join(text for text, _ in each) for each, i in zip(results, items)]
    sure = [all(sure for _, sure in each) for each in results]
    return 100 * np.mean(right), len(items), sum(s and not r for s, r in zip(sure, right))


def unsaid(reader, made):
    """The share of strings, %, in which a pen-down of a mark stands in a digit that is shown as sure; which texts."""
    found = []
    for line in made:
        guessed(reader, line.strokes)
        owners = [[line.owners[k] for k in group] for group in reader.groups]
        marks = [any(k < 0 or not line.text[k].isdigit() for k in each) for each in owners]
        if any(sure and is_mark for (_, sure), is_mark in zip(reader.guess, marks)):
            found.append((line.text, "".join(text for text, _ in reader.guess)))
    return 100 * len(found) / len(made), found


WATCH = """() => {
  window.longest = 0;
  window.waits = [];
  new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  }).observe({ type: "longtask" });
  let up = 0;
  pad.addEventListener("pointerup", event => up = event.timeStamp);
  new MutationObserver(() => {
    if (number.querySelector(".guess")) waits.push(performance.now() - up);
  }).observe(number, { childList: true });
}"""


def on_the_page(numbers, split):
    """(median ms from pen-up to the guess, 95th percentile, longest task in ms: 0 where none took over 50)."""
    items = [i for i in np.flatnonzero(numbers.split == split) if numbers.texts[i].isdecimal()][:WRITTEN]
    gate = threading.Event()
    with served_folder() as folder:
        site = Site(folder)
        site.faults["model/digits.npz.packed"] = held(gate)
        try:
            with opened_page(site.url, until_ready=lambda page: page.wait_for_selector("body[data-python=up]")) as page:
                hand = Hand(page)
                hand.write("8")
                page.wait_for_selector("#number .guess")
                page.evaluate(WATCH)
                for i in items:
                    hand.press("#clear")
                    hand.draw(place(numbers.strokes[i], 700))
                    page.wait_for_selector("#number .guess")
                waits = sorted(page.evaluate("waits"))
                return statistics.median(waits), waits[int(0.95 * (len(waits) - 1))], page.evaluate("longest")
        finally:
            gate.set()
            site.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="the folder of shared data")
    parser.add_argument("--split", default=splits.TEST, choices=(splits.VALIDATION, splits.TEST))
    parser.add_argument("--no-page", action="store_true", help="leave out what needs Chromium")
    parser.add_argument("--show", action="store_true", help="print the strings whose marks become digits")
    options = parser.parse_args()

    real = Path(options.data) / "real"
    digits, marks, numbers = (
        open_dataset(real / f"strokes-{name}.jsonl.gz") for name in ("digits", "marks", "numbers")
    )
    files = pen_of(files_of(ROOT / "site"))
    reader = PenReader(files["pen/pen.bin"])
    list(reader.unpack())

    size = len(packed_files(files))
    print(f"packed, code and examples  {size:,} bytes  (bar: at most {BYTES:,})")
    wrong, unread, either, mean, count, sure, doubted = singles(reader, digits, options.split)
    print(f"single digits              {either:.2f} % of {count:,} wrong or unread  (bar: at most {WRONG}); ", end="")
    print(f"wrong {wrong:.2f}, unread {unread:.2f}; mean over writers {mean:.2f}")
    print(f"                           {sure:.2f} % wrong though shown as sure, {doubted:.2f} % right though unsure")
    right, count, surely = whole_numbers(reader, numbers, options.split)
    print(
        f"numbers of 2 to 5 digits   {right:.1f} % of {count} right (wrong though sure: {surely})  (bar: at least {RIGHT})"
    )
    share, found = unsaid(reader, pens.lines(digits, marks, options.split, MADE, SEED, MARKED))
    print(f"marks that become digits   {share:.1f} % of {MADE} made strings, unsaid  (bar: at most {UNSAID})")
    if options.show:
        for text, guess in found:
            print(f"  {text} was guessed as {guess}")
    if not options.no_page:
        median, late, longest = on_the_page(numbers, options.split)
        print(f"guess after pen-up         median {median:.0f} ms, p95 {late:.0f} ms on the page")
        print(f"longest task               {longest:.0f} ms, 0 where none took over 50  (bar: at most {TASK})")
    return 0 if size <= BYTES and either <= WRONG and right >= RIGHT and share <= UNSAID else 1


if __name__ == "__main__":
    sys.exit(main())
