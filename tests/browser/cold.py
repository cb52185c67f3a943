"""Has the worker call what the page works without, and counts the workers that the page starts (site/boot/rest.mjs)."""

from tests.browser.hand import wait_for
from tests.browser.picture_files import press
from tests.browser.serving import replaced_by

REST = "runtime/pyodide/rest.packed"
LACK = "This needs more of Python, which is fetched first. Your drawing is kept"  # app/main.py
COLD = "__import__('unicodedata').normalize('NFD', 'é')"  # compiled into Pyodide, and nothing of the page's
OF_PYTHON = "__import__('textwrap').fill('it is', 2)"  # of Python's library, which the page imports for another's sake

# Appended to worker.py: a reading calls it in the mode Digits only or of more than five strokes, a picture once two rows are
# told, in that mode, and an export.
# No parameter here is a *one: worker.py is compiled in the worker, and that would call what is not there, too.
CALLS = """

from served import pictures

_read = read
_pack = pack
_read_picture = read_picture
_tell = pictures._tell


def read(rgba, width, height, pen, symbols, decimal):
    if symbols == "digits" or np.isnan(np.asarray(pen.to_py())).sum() > 10:
        COLD
    return _read(rgba, width, height, pen, symbols, decimal)


def pack(glyphs, labels):
    COLD
    return _pack(glyphs, labels)


async def read_picture(picture, number, symbols, decimal, turn, size):
    pictures._tell = _tell_then_call if symbols == "digits" else _tell
    return await _read_picture(picture, number, symbols, decimal, turn, size)


def _tell_then_call(step, number, small):
    _tell(step, number, small)
    if step.k == 2:
        COLD
"""

# In every page of a visit: the names of the workers that it started.
COUNTED = """window.started = [];
const Alone = Worker;
window.Worker = class extends Alone {
  constructor(address, options) {
    super(address, options);
    started.push(options?.name ?? "");
  }
};"""


def calls(call=COLD):
    """What worker.py ends with, so that it calls this of the rest."""
    return CALLS.replace("COLD", call)


def with_calls(site, more="", call=COLD):
    """A fault of the `site`. more: what else stands at the end of worker.py. call: what it does of the rest."""
    site.faults["worker.py"] = replaced_by(site.text("worker.py") + calls(call) + more)


def choose(page, mode):
    press(page, f"#mode-{mode}")


def reached(page):
    """The steps of the latest start, in order."""
    return page.evaluate("reached").split()


def wait_for_step(page, step):
    wait_for(page, "step => reached.split(' ').includes(step)", step)


def wait_for_lack(page):
    """Until another worker is to start with the rest."""
    page.wait_for_selector(f"body[data-app=loading] #status:text-is('{LACK}')")
