"""The sheet's bars, measured in Chromium with 2,000 entries.

    python benchmarks/sheet.py

Entries with pictures come in from a file of the sheet's own; then one is added from the pad, the table is scrolled while the
browser notes its long tasks, and the page is loaded anew. Ends with status 1 if a bar is missed, but for times, which
depend on the machine and on what else it does.
"""

import base64
import json
import statistics
import sys

from opened import LAPTOP, chromium_path, served_page  # first: it says where the modules below are
from playwright.sync_api import sync_playwright

from tests.browser.hand import Hand, number, wait_for, wait_until_ready

ENTRIES, COLUMNS = 2_000, 4
ADDED_MILLISECONDS, LONGEST_TASK, RELOAD_MILLISECONDS, KILOBYTES = 50, 50, 300, 1.5  # the bars
TURNS = 7

WATCH_LONG_TASKS = """() => {
  window.longTasks = [];
  new PerformanceObserver(list => longTasks.push(...list.getEntries().map(entry => entry.duration)))
    .observe({type: "longtask"});
}"""

# Small pictures as the page makes them, of 2,000 numbers that a program writes: their bytes, one after the other.
PICTURES = """() => {
  const canvas = document.createElement("canvas");
  canvas.width = 96; canvas.height = 48;
  const context = canvas.getContext("2d");
  const made = [];
  for (let i = 0; i < 50; i++) {
    context.fillStyle = "#fff"; context.fillRect(0, 0, 96, 48);
    context.fillStyle = "#000"; context.font = "34px cursive"; context.fillText(String(1000 + 37 * i), 8, 36);
    for (const quality of [0.6, 0.3, 0.15]) {
      const text = canvas.toDataURL("image/webp", quality).split(",")[1];
      if (atob(text).length <= 1200 || quality === 0.15) { made.push(text); break; }
    }
  }
  return made;
}"""

# From the press on Add to the first frame after the row is there.
ADD = """() => new Promise(resolve => {
  const pressed = performance.now();
  const count = () => document.getElementById("cells").ariaRowCount;
  const before = count();
  const watch = new MutationObserver(() => {
    if (count() === before) return;
    watch.disconnect();
    resolve(performance.now() - pressed);
  });
  watch.observe(document.getElementById("cells"), {attributes: true, attributeFilter: ["aria-rowcount"]});
  document.getElementById("add").click();
})"""

SCROLL = """async () => {
  const box = document.getElementById("cells");
  for (let i = 0; i < 120; i++) {
    box.scrollTop += i % 10 ? 130 : 2500;
    await new Promise(resolve => requestAnimationFrame(resolve));
  }
}"""

# When Python is up, and when the sheet is there, in ms of the page.
CLOCK = """
  const seen = {};
  const watch = new MutationObserver(() => {
    if (!document.body) return;
    if (document.body.dataset.python === "up") seen.python ??= performance.now();
    if (+document.getElementById("cells")?.ariaRowCount > 100) { seen.sheet ??= performance.now(); watch.disconnect(); }
  });
  watch.observe(document, {subtree: true, attributes: true, childList: true});
  window.seen = seen;
"""

STORED = """async () => {
  const estimate = await navigator.storage.estimate();
  return estimate.usageDetails?.indexedDB ?? estimate.usage;
}"""


def own_file(pictures):
    """The bytes of a sheet's own file with so many entries."""
    data = [base64.b64decode(each) for each in pictures]
    cells = [[str(1000 + 37 * (i % 50)), False, "page.jpg", len(data[i % 50])] for i in range(ENTRIES)]
    rows = [cells[i : i + COLUMNS] for i in range(0, ENTRIES, COLUMNS)]
    text = json.dumps(rows).encode()
    return b"number-reader-sheet 1 %d\n" % len(text) + text + b"".join(data[i % 50] for i in range(ENTRIES))


def measured(page, url):
    page.goto(url)
    wait_until_ready(page)
    before = page.evaluate(STORED)
    file = own_file(page.evaluate(PICTURES))
    page.set_input_files("#table-file", {"name": "a.numbers", "mimeType": "", "buffer": file})
    page.wait_for_selector(f"#cells[aria-rowcount='{ENTRIES // COLUMNS + 2}']", timeout=60_000)
    page.wait_for_timeout(3000)
    hand, added = Hand(page), []
    page.evaluate(WATCH_LONG_TASKS)
    for i in range(TURNS):
        page.evaluate("scrollTo(0, 0)")
        hand.write(str(i))
        number(page)
        page.evaluate("longTasks.length = 0")
        added.append(page.evaluate(ADD))
        page.wait_for_timeout(1000)
        print("  add", round(added[-1]), "ms; long tasks then", [round(each) for each in page.evaluate("longTasks")])
    page.evaluate("longTasks.length = 0")
    page.evaluate(SCROLL)
    page.wait_for_timeout(200)
    tasks = page.evaluate("longTasks")
    stored = page.evaluate(STORED) - before
    reloads = []
    for _ in range(TURNS):
        page.reload()
        wait_for(page, "window.seen.sheet", timeout=60_000)
        seen = page.evaluate("seen")
        reloads.append(seen["sheet"] - seen["python"])
        wait_until_ready(page)
        page.wait_for_timeout(500)
    print("  reloads", [round(each) for each in reloads])
    return added, tasks, stored, reloads


def main():
    with served_page() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), chromium_sandbox=False)
        page = browser.new_page(viewport=LAPTOP)
        page.add_init_script(CLOCK)
        added, tasks, stored, reloads = measured(page, url)
        browser.close()
    print(f"{ENTRIES} entries with pictures, {COLUMNS} in a row, and one row more for each that was added")
    print(
        f"add, ms: median {statistics.median(added):.0f} (bar {ADDED_MILLISECONDS}), all {[round(each) for each in added]}"
    )
    print(f"scrolling, longest task, ms: {max(tasks, default=0):.0f} (bar {LONGEST_TASK}), {len(tasks)} over 50")
    print(
        f"reload to the sheet after Python is up, ms: median {statistics.median(reloads):.0f} (bar {RELOAD_MILLISECONDS})"
    )
    kilobytes = stored / 1000 / ENTRIES
    print(f"storage for an entry, kB: {kilobytes:.2f} (bar {KILOBYTES})")
    sys.exit(kilobytes > KILOBYTES)


if __name__ == "__main__":
    main()
