"""The page's own bars, measured in Chromium as a hand would use the page.

    python benchmarks/page.py --data ../shared/data

Pictures go through the page's file input, numbers of unseen writers are written on its pad as pointer events, and some of
them once more at a pen's pace, while the browser notes its long tasks; digits are taught with one press. Ends with status 1
if a bar is missed, but for times, which depend on the machine and on what else it does.
"""

import argparse
import itertools
import statistics
import sys
import time
from pathlib import Path

from opened import opened_page, served_page  # first: it says where the modules below are
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.browser.hand import PAD, Hand, number, place
from training.data import splits
from training.data.datasets import NUMBER
from training.data.opening import open_dataset
from training.data.photos import DEVELOPMENT, OTHER, PAPER
from training.measuring.bars import Bar

PHOTOS, NUMBERS = "real/photos.json", "real/strokes-numbers.jsonl.gz"
PAPER_PERCENT, OTHER_PERCENT, NUMBERS_PERCENT = 90, 95, 90  # the bars
LONGEST_TASK = 50  # ms
TAUGHT_MILLISECONDS = 100

FILLED = (0.9 * PAD["width"], 0.65 * PAD["height"])  # px, what a number takes at most
PACED = 12  # numbers written at a pen's pace
SECOND = 1000  # px of a stroke
FRAME = 1 / 60  # s; a browser hands on the pointer once for each frame, wherever it has been meanwhile
LIFT = 0.15  # s between two strokes
TAUGHT = [
    (digit, (digit + on) % 10) for on in (1, 2) for digit in range(10)
]  # what is written, what it is taught to be

WATCH_LONG_TASKS = """() => {
  window.longTasks = [];
  new PerformanceObserver(list => longTasks.push(...list.getEntries().map(entry => entry.duration)))
    .observe({type: "longtask"});
}"""

# From the press on a digit's button to the change of the page that shows the reading with what was taught.
STOPWATCH = """() => {
  window.effects = [];
  let pressed = 0;
  labels.addEventListener("click", event => pressed = event.timeStamp, true);
  new MutationObserver(() => {
    if (!pressed || number.dataset.state !== "done") return;
    effects.push(performance.now() - pressed);
    pressed = 0;
  }).observe(number, {attributeFilter: ["data-state"]});
}"""


def read_pictures(page, photos):
    """Open each picture; yields (index, text read, or None where the page shows none)."""
    folder = Path(photos.path).parent
    for index, file in enumerate(photos.files):
        name = Path(file).name
        page.set_input_files("#image", folder / file)
        try:
            page.wait_for_selector(f'body:has(#number[data-state=done]):has(#source:text("{name}"))', timeout=60_000)
            yield index, page.locator("#number").text_content()
        except PlaywrightTimeoutError:
            yield index, None


def sized(strokes):
    """Strokes in 0..1 as a person would write them: in the middle of the pad, as large as FILLED."""
    strokes = [stroke.tolist() for stroke in strokes]
    xs, ys = zip(*(point for stroke in strokes for point in stroke))
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    return place(strokes, min(FILLED[0] / width, FILLED[1] / height))


def read_numbers(page, numbers, items):
    """Write each number on a clean pad; yields (index, text read)."""
    hand = Hand(page)
    for index in items:
        hand.press("#clear")
        hand.draw(sized(numbers.strokes[index]))
        yield index, number(page)


def at_a_pens_pace(page, strokes):
    """Write strokes, lists of (x, y) px of the pad, so that each second has SECOND px of ink."""
    hand, mouse = Hand(page), page.mouse
    for stroke in strokes:
        mouse.move(*hand.on_screen(stroke[0]))
        mouse.down()
        due = time.monotonic()
        for start, end in itertools.pairwise(stroke):
            length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
            steps = max(1, round(length / (SECOND * FRAME)))
            for step in range(1, steps + 1):
                due += length / SECOND / steps
                time.sleep(max(0, due - time.monotonic()))
                mouse.move(*hand.on_screen([a + (b - a) * step / steps for a, b in zip(start, end)]))
        mouse.up()
        time.sleep(LIFT)


def long_tasks(page, numbers, items):
    """Durations, ms, of the browser's long tasks while numbers are written and what is there is read after each stroke."""
    page.evaluate(WATCH_LONG_TASKS)
    for index in items:
        Hand(page).press("#clear")
        at_a_pens_pace(page, sized(numbers.strokes[index]))
        number(page)
    page.wait_for_timeout(200)  # entries are handed on when the browser has nothing better to do
    return page.evaluate("longTasks")


def taught_effects(page):
    """How long teaching takes to show, ms: each digit is written, taught as another, and then read as that."""
    hand = Hand(page)
    page.evaluate(STOPWATCH)
    for digit, label in TAUGHT:
        hand.press("#clear")
        hand.write(str(digit))
        number(page)
        hand.press(f"#labels button:text-is('{label}')")
        read = number(page)
        if read != str(label):
            raise SystemExit(f"{digit} was taught to be {label} and is read as {read}")
    return page.evaluate("effects")


def right_of(dataset, answers, chosen):
    """(how many of the chosen items were read exactly right, how many there are)."""
    mine = [index for index in answers if chosen[index]]
    return sum(answers[index].replace(" ", "") == dataset.texts[index] for index in mine), len(mine)


def print_wrong(dataset, answers, name_of):
    for index, answer in answers.items():
        if answer.replace(" ", "") != dataset.texts[index]:
            print(f"  {name_of(index)}: {str(dataset.texts[index])!r} was read as {answer!r}")


def share(name, counts, limit):
    right, count = counts
    return Bar(f"{name}, {right} of {count} right", 100 * right / count, limit, "%", at_least=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=Path, metavar="FOLDER")
    options = parser.parse_args()
    photos, numbers = open_dataset(options.data / PHOTOS), open_dataset(options.data / NUMBERS)
    unseen = [i for i in range(len(numbers)) if numbers.split[i] == splits.TEST and numbers.labels[i] == NUMBER]
    by_length = sorted(unseen, key=lambda i: len(numbers.texts[i]))
    with served_page() as url, opened_page(url) as page:
        tasks = long_tasks(page, numbers, by_length[:: -(-len(unseen) // PACED)])
        written = dict(read_numbers(page, numbers, unseen))
        opened = dict(read_pictures(page, photos))
        effects = taught_effects(page)  # last: what was taught stays

    print(f"pictures, read through the file input: {len(opened)}")
    print_wrong(photos, opened, lambda index: photos.files[index])
    for sort in (PAPER, OTHER):
        for side in (DEVELOPMENT, splits.TEST):
            right, count = right_of(photos, opened, (photos.sorts == sort) & (photos.split == side))
            print(f"  {sort}, {side} half: {right} of {count} exactly right")
    print(f"numbers of unseen writers, written on the pad: {len(written)}")
    print_wrong(numbers, written, lambda index: numbers.groups[index])
    longest = f"{max(tasks):.0f} ms" if tasks else "none"
    median, slowest = statistics.median(effects), max(effects)
    print(f"from teaching to its effect: median {median:.0f} ms, slowest of {len(effects)} {slowest:.0f} ms")
    print(f"tasks of the page over {LONGEST_TASK} ms while numbers are written: {len(tasks)}, longest {longest}")

    table = [
        share(PAPER, right_of(photos, opened, photos.sorts == PAPER), PAPER_PERCENT),
        share(OTHER, right_of(photos, opened, photos.sorts == OTHER), OTHER_PERCENT),
        share("numbers written on the pad", right_of(numbers, written, numbers.split == splits.TEST), NUMBERS_PERCENT),
        Bar("long tasks while numbers are written", len(tasks), 0, "", timed=True),
        Bar("from teaching to its effect, median", median, TAUGHT_MILLISECONDS, "ms", timed=True),
    ]
    print(f"\n{'bar':52}{'measured':>14}  wanted")
    for bar in table:
        print(f"{bar.name:52}{bar.found:>14}  {bar.wanted:20}{bar.verdict if bar.met else bar.verdict.upper()}")
    return int(any(bar.step_back for bar in table))


if __name__ == "__main__":
    sys.exit(main())
