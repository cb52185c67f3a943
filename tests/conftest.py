"""What several folders of tests share: the data, the built page and a browser.

What a machine lacks skips the tests that need it, with the reason. NUMBER_READER_STRICT=1 turns
every such skip into a failure: .ci/run sets it, so that nothing can be left out unnoticed.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import hypothesis
import pytest
from hypothesis import Phase
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # build.py and building/ lie beside the packages and are not installed

from building.page.folder import build_folder
from building.single.single import build_single_file
from building.sources.cache import usual_cache
from building.sources.fetching import RuntimeUnavailable, usual_sources

# No example has a time limit, as nothing timed is asserted, and none is kept on disk. CI tries the same ones
# every time, so that what it says is about the commit.
# Of a mutant's failure (tools/mutants.py) no smaller example is looked for: that takes longer than all the rest.
PHASES = [Phase.explicit, Phase.generate] if os.environ.get("MUTANT_UNDER_TEST") else list(Phase)
hypothesis.settings.register_profile(
    "quiet", deadline=None, database=None, derandomize="CI" in os.environ, phases=PHASES
)
hypothesis.settings.load_profile("quiet")

# A function of WebAssembly has to run some eighty times as long as usual before V8 compiles it once more, better: most
# visits of a test end soon, and more than a quarter of their work would be that.
BRIEF_VISITS = "--js-flags=--wasm-tiering-budget=1000000000"

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)


BRIEF = "NUMBER_READER_BRIEF"  # set for the processes that run the tests: they know not how pytest was called


def pytest_addoption(parser):
    parser.addoption("--thorough", action="store_true", help="a run of all tests leaves none out: CI's is such a run")


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        of_all = config.args_source is not pytest.Config.ArgsSource.ARGS
        thorough = config.getoption("--thorough") or os.environ.get("NUMBER_READER_STRICT") == "1"
        os.environ[BRIEF] = "1" if of_all and not thorough else ""


def pytest_report_header():
    return "tests marked as thorough are left out: --thorough runs them, too" if os.environ[BRIEF] else None


def pytest_collection_modifyitems(config, items):
    """A run of all tests is to be brief; who names a file gets all that is in it."""
    left_out = [item for item in items if os.environ[BRIEF] and item.get_closest_marker("thorough")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


@pytest.fixture(scope="session")
def skip_or_fail():
    """A function of a reason: skips the test, or fails it where nothing may be left out."""

    def leave_out(reason):
        if os.environ.get("NUMBER_READER_STRICT") == "1":
            pytest.fail(f"NUMBER_READER_STRICT=1, yet {reason}", pytrace=False)
        pytest.skip(reason)

    return leave_out


@pytest.fixture(scope="session")
def shared_data(skip_or_fail):
    """The folder of data sets beside the checkout."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        skip_or_fail(f"shared/data is absent: {folder} is no folder")
    return folder


@pytest.fixture(scope="session")
def built_site(tmp_path_factory, skip_or_fail):
    """The real page as build.py makes it: a folder to serve with serve(). tools/ran.py has another, which tells what runs."""
    if given := os.environ.get("NUMBER_READER_PAGE"):
        return Path(given)
    return made(build_folder, tmp_path_factory.mktemp("page") / "dist", skip_or_fail)


@pytest.fixture(scope="session")
def single_file(tmp_path_factory, skip_or_fail):
    """The real page in one file, in a folder as people name theirs."""
    return made(build_single_file, tmp_path_factory.mktemp("stick") / "für Zoë" / "number-reader.html", skip_or_fail)


def made(build_it, output, skip_or_fail):
    try:
        with usual_sources() as sources:
            build_it(output, cache=usual_cache(), sources=sources)
    except RuntimeUnavailable as error:
        skip_or_fail(f"the runtime cannot be had: {error}")
    return output


@pytest.fixture(scope="session")
def next_build(built_site, tmp_path_factory):
    """The page as a later version of it is built: text, style, page, worker and recognizer differ."""
    project = tmp_path_factory.mktemp("later")
    shutil.copytree(ROOT / "site", project / "site", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "LICENSE", project / "LICENSE")
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    (project / "pyproject.toml").write_text(re.sub(r'^version = ".*"', 'version = "9.9.9"', text, flags=re.MULTILINE))
    for name in (
        "styles/page.css",
        "boot/page.js",
        "app/reading/desk.py",
        "worker.py",
        "number_reader/segmentation/segment.py",
    ):
        path = project / "site" / name
        comment = "// later\n" if name.endswith(".js") else "/* later */\n" if name.endswith(".css") else "# later\n"
        path.write_text(path.read_text("utf-8") + comment, "utf-8")
    with usual_sources() as sources:
        build_folder(project / "dist", project / "site", cache=usual_cache(), sources=sources)
    for path in (project / "dist").rglob("*"):  # the server tells versions apart by the second
        os.utime(path, (time.time() + 60, time.time() + 60))
    return project / "dist"


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium_path(playwright, skip_or_fail):
    """A Chromium of this machine: $CHROME, an installed one, or else Playwright's own."""
    if chosen := os.environ.get("CHROME"):
        if not Path(chosen).is_file():
            pytest.fail(f"CHROME names {chosen}, which is no file", pytrace=False)
        return chosen
    on_path = (shutil.which(name) for name in CHROMIUM_NAMES)
    in_place = (place for place in CHROMIUM_PLACES if Path(place).is_file())
    if installed := next(filter(None, (*on_path, *in_place)), None):
        return installed
    own = Path(playwright.chromium.executable_path)
    if not own.is_file():
        install = [sys.executable, "-m", "playwright", "install", "chromium"]
        try:
            result = subprocess.run(install, check=False, capture_output=True, text=True, timeout=600)
        except subprocess.TimeoutExpired:
            skip_or_fail("there is no Chromium, and downloading one took more than 600 s")
        if result.returncode:
            skip_or_fail(f"there is no Chromium, and none to download: {result.stderr[-300:]}")
    return str(own)


@pytest.fixture(scope="session")
def browser(playwright, chromium_path, skip_or_fail):
    """A headless Chromium, one for all tests; each test opens pages or contexts of its own.

    Playwright's own switches already keep it from asking other hosts for anything.
    """
    # The sandbox cannot start as root, nor in the containers that CI uses.
    boxed = not ("CI" in os.environ or (hasattr(os, "geteuid") and os.geteuid() == 0))
    try:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path, chromium_sandbox=boxed, args=[BRIEF_VISITS]
        )
    except PlaywrightError as error:
        skip_or_fail(f"{chromium_path} does not start: {error.message[:300]}")
    yield chromium
    chromium.close()
