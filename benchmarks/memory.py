"""How much memory the page takes at its peak: for the start, the pad, pictures of phones; and whether reloads and tabs add up.

    python benchmarks/memory.py [--reloads 20] [--tabs 5]

In Chromium each in a browser of its own: the most that the page's process, which is also its worker's, had resident (VmHWM). In
Firefox all processes for pages together, after each of twenty reloads of one tab, and with five tabs. Linux alone tells it.
Ends with status 1 if a bar is missed.
"""

import argparse
import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from opened import LAPTOP, chromium_path, served_page  # first: it says where the modules below are
from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.hand import Hand, number, wait_until_ready
from tests.browser.picture_files import handwriting
from tests.visits.bidi import Firefox
from tests.visits.conftest import FIREFOX_NAMES
from tests.visits.firefox import FirefoxVisit

BUDGET = 350e6  # bytes that a picture may take beyond the start: the bar
GROWTH = 1.1  # of Firefox's memory from the third reload to the last
PICTURES = {"12": (4000, 3000), "48": (8000, 6000), "108": (12000, 9000)}  # megapixels: px
MEGA = 1e6
READY = "{ while (document.body.dataset.app !== 'ready') await new Promise(go => setTimeout(go, 100)); return 1; }"


def jpeg(size):
    """A photograph of a number on paper, bytes."""
    digits = Image.fromarray(handwriting("4071")).convert("L")
    paper = Image.new("L", size, 225)
    scale = 0.5 * size[0] / digits.width
    digits = digits.resize((int(digits.width * scale), int(digits.height * scale)))
    paper.paste(digits, ((size[0] - digits.width) // 2, (size[1] - digits.height) // 2))
    out = io.BytesIO()
    paper.convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def status(process, name):
    """Bytes of one line of /proc/PROCESS/status; 0 for a process that has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith(name + ":"))


def peak(browser):
    """Of the largest of Chromium's processes for pages."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return max(status(each["id"], "VmHWM") for each in processes if each["type"] == "renderer")


def in_chromium(playwright, url, work):
    """The peak of a visit in which `work(page)` is done."""
    browser = playwright.chromium.launch(executable_path=chromium_path(), chromium_sandbox=False)
    page = browser.new_page(viewport=LAPTOP)
    page.goto(url)
    wait_until_ready(page)
    work(page)
    most = peak(browser)
    browser.close()
    return most


def write(page):
    hand = Hand(page)
    for text in ("47", "2026", "135"):
        hand.write(text)
        number(page)
        hand.press("#clear")


def opener(content):
    def work(page):
        page.set_input_files("#image", {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content})
        page.wait_for_selector("#source:text-is('photo.jpg')", timeout=120_000)
        number(page)

    return work


def children(process):
    """The processes that one has begun, and theirs."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False)
    found = [int(each) for each in listed.stdout.split()]
    return found + [each for child in found for each in children(child)]


def in_firefox(url, reloads, tabs):
    """Bytes resident after each reload, and with so many tabs; None where there is no Firefox."""
    path = next((found for found in map(shutil.which, FIREFOX_NAMES) if found), None)
    if path is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        downloads = Path(folder) / "downloads"
        downloads.mkdir()
        (profile := Path(folder) / "profile").mkdir()
        firefox = Firefox(path, profile, {})
        try:
            visit = FirefoxVisit(downloads)
            with firefox.connection(visit.hear) as connection:
                visit.start(connection)
                return measured(visit, firefox, url, reloads, tabs)
        finally:
            firefox.close()


def measured(visit, firefox, url, reloads, tabs):
    def resident():
        return sum(status(each, "RssAnon") for each in [firefox.process.pid, *children(firefox.process.pid)])

    def open_page():
        visit.navigate(url)
        visit.run_script(
            "{ while (document.body.dataset.app !== 'ready') await new Promise(go => setTimeout(go, 100)); return 1; }"
        )

    open_page()
    found = []
    for _ in range(reloads):
        open_page()
        found.append(resident())
    first = visit.tab
    for _ in range(tabs - 1):
        visit.tab = visit.command("browsingContext.create", type="tab")["context"]
        open_page()
    many = resident()
    visit.tab = first
    return found, many


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reloads", type=int, default=20)
    parser.add_argument("--tabs", type=int, default=5)
    options = parser.parse_args()
    if not Path("/proc/self/status").exists():
        sys.exit("this system does not tell how much memory a process had")
    missed = False
    with served_page() as url:
        with sync_playwright() as playwright:
            start = in_chromium(playwright, url, lambda page: None)
            print(f"Chromium: start {start / MEGA:.0f} MB")
            print(f"  pad, three numbers {in_chromium(playwright, url, write) / MEGA:.0f} MB")
            for name, size in PICTURES.items():
                more = in_chromium(playwright, url, opener(jpeg(size))) - start
                missed |= more > BUDGET
                print(
                    f"  a picture of {name} megapixels: {more / MEGA:.0f} MB more (bar: {BUDGET / MEGA:.0f})",
                    flush=True,
                )
        answer = in_firefox(url, options.reloads, options.tabs)
    if answer is None:
        print("Firefox is not installed")
    else:
        found, many = answer
        early, late = found[min(2, len(found) - 1)], found[-1]
        missed |= late > GROWTH * early
        print(f"Firefox: after 3 reloads {early / MEGA:.0f} MB, after {len(found)} {late / MEGA:.0f} MB", end="")
        print(f" (bar: at most {GROWTH} times), {options.tabs} tabs {many / MEGA:.0f} MB")
    sys.exit(int(missed))


if __name__ == "__main__":
    main()
