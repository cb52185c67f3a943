"""A start of many minutes is no failure, as where WebAssembly is interpreted; one that stands still is. Time is made up, as
no machine can be told to be slow."""

import asyncio
import importlib
import sys
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType, SimpleNamespace

import pytest


@pytest.fixture
def module(monkeypatch):
    """app/reading/reader.py with nothing of a browser around it."""
    for name, values in {
        "jsffi": {"JsException": type("JsException", (Exception,), {})},
        "pyscript": {"document": None, "workers": {}},
        "pyscript.ffi": {"create_proxy": lambda function: function},
    }.items():
        made = ModuleType(name)
        vars(made).update(values)
        monkeypatch.setitem(sys.modules, name, made)
    monkeypatch.delitem(sys.modules, "app.reading.reader", raising=False)
    yield importlib.import_module("app.reading.reader")
    sys.modules.pop("app.reading.reader", None)


class Time:
    """Seconds that pass as soon as somebody waits for them; `events`: what happens when."""

    def __init__(self, events):
        self.now, self.events = 0, events

    async def sleep(self, seconds):
        self.now += seconds
        for when in [when for when in self.events if when <= self.now]:
            self.events.pop(when)()


def watched(module, monkeypatch, steps):
    """(seconds, sentence) of each failure that is told where the worker takes each step at a time, and then is ready."""
    reader = module.Reader.__new__(module.Reader)
    reached, failures = [], []
    reader.starts, reader.started, reader.worker = 1, 0, None
    reader.downloaded, reader.reached = lambda: 0, lambda: " ".join(reached)
    time = Time({when: lambda step=step: reached.append(step) for step, when in steps.items() if step != "ready"})
    if "ready" in steps:
        time.events[steps["ready"]] = lambda: setattr(reader, "started", 1)
    reader.on_failure = lambda sentence: failures.append((time.now, sentence))
    monkeypatch.setattr(module, "asyncio", SimpleNamespace(sleep=time.sleep))
    with ThreadPoolExecutor(1) as thread:  # Playwright's loop may run in this one
        thread.submit(asyncio.run, reader._watch(1)).result()
    return failures


def test_a_start_that_takes_minutes_is_no_failure(module, monkeypatch):
    steps = {"begun": 40, "listening": 80, "python": 120, "model": 160, "ready": 200}
    assert watched(module, monkeypatch, steps) == []


def test_one_that_stands_still_is_told_with_its_step(module, monkeypatch):
    [(seconds, sentence)] = watched(module, monkeypatch, {"begun": 40, "listening": 80})
    assert 80 + module.START_SECONDS <= seconds < 84 + module.START_SECONDS
    assert module.NOT_REACHED["python"] in sentence
