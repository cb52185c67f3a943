# ruff: noqa: F821 -- it goes on where site/worker.py ends
# What tests add to the page's worker: doors for wrong files and for faults, and a note of every module that was looked
# for and is not there. It imports nothing itself that the faults may need.

_missing = []


class _Note:
    """Comes after whoever finds modules, and before Pyodide explains why there is none."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        _missing.append(name)


def missing():
    return sorted(set(_missing))


def load_model(content):
    from number_reader import ModelError, Recognizer

    try:
        Recognizer.load(io.BytesIO(content.to_bytes()))
    except ModelError as error:
        return {"error": str(error)}
    return {}


def load_exemplars(content):
    from number_reader import ModelError
    from number_reader.storage.exemplars import Exemplars

    try:
        Exemplars.load(io.BytesIO(content.to_bytes()), recognizer())
    except ModelError as error:
        return {"error": str(error)}
    return {}


async def run(source):
    """Runs some lines of Python; where they raise, so does this."""
    there = {"np": np, "asyncio": asyncio}
    exec(source, there)
    await asyncio.sleep(0)
    return str(there.get("answer"))


def _listen():
    import sys

    finders = [getattr(finder, "__name__", "") for finder in sys.meta_path]
    sys.meta_path.insert(finders.index("PathFinder") + 1, _Note)


__export__ += ["missing", "load_model", "load_exemplars", "run"]
_listen()
