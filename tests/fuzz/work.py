"""Goes through doors with made inputs and measures: time of the processor, and the most memory that was taken.

A process of its own does it, so that what crashes or hangs is seen from outside, and so that memory can be measured as
the system counts it. Before each input it says which one it is about to try, after it what came of it, one JSON a line.
"""

import ctypes
import json
import math
import random
import resource
import time
import traceback
import warnings
from pathlib import Path

MEGABYTE = 10**6
TRIES = 3  # of an input that takes too long


def made(door, seed, index):
    """Input number `index` of a door: always the same one."""
    return door.make(random.Random(f"{seed}/{door.name}/{index}"))


def _status(field):
    """A line of the system's report on this process, bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    raise LookupError(field)


class Memory:
    """The most memory that this process has had since `start`, beyond what it had then, as the system counts it."""

    def __init__(self):
        self.precise = Path("/proc/self/clear_refs").exists()  # elsewhere only the most ever taken is known
        self.trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if self.precise else None
        self.start()

    def start(self):
        if self.trim:  # what was freed and not given back would hide as much that is taken
            self.trim(0)
        if self.precise:
            Path("/proc/self/clear_refs").write_text("5")
        self.floor = self._now()

    def _now(self):
        return _status("VmHWM") if self.precise else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    def most(self):
        return self._now() - self.floor

    def limit(self, beyond):
        """No more than so many bytes beyond what is taken now can be had, not even ones that are never touched."""
        if self.precise:
            resource.setrlimit(resource.RLIMIT_AS, (_status("VmSize") + beyond, resource.RLIM_INFINITY))


def try_one(door, seed, index, memory):
    """What came of an input: {"outcome", "seconds", "megabytes"} and, where there is a fault, {"fault", "trace"}.

    One that takes too long is tried again, and its quickest time counts: those who share a machine slow one another
    down, to half the speed at times; what is slow by itself is so each time.
    """
    quickest = math.inf
    for _ in range(TRIES):
        came, allowed = _tried(door, seed, index, memory)
        quickest = came["seconds"] = min(came["seconds"], quickest)
        if came["fault"] or quickest <= allowed:
            return came
    return came | {"fault": f"it took {quickest:.1f} s, and {allowed:.1f} s are allowed"}


def _tried(door, seed, index, memory):
    """(what came of an input in one try, the seconds that it may take)."""
    trace, fault, outcome = "", "", ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        thing = made(door, seed, index)
    memory.start()
    start = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            outcome = door.outcome(thing)
    except Exception as error:  # whatever it is, it should not have come out
        fault, trace = f"{type(error).__name__}: {error}"[:300], traceback.format_exc()[-4000:]
    seconds, megabytes = time.process_time() - start, memory.most() / MEGABYTE
    if not fault and megabytes > door.megabytes:
        fault = f"it took {megabytes:.0f} MB, and {door.megabytes} MB are allowed"
    came = {"outcome": outcome, "seconds": seconds, "megabytes": megabytes, "fault": fault, "trace": trace}
    return came, door.seconds(thing)


def work(door, seed, indices, tell):
    """Tries inputs; tell(line) is told all of it."""
    for warm_up in range(20):  # what is loaded once is no input's memory
        try_one(door, "warm-up", warm_up, Memory())
    memory = Memory()
    memory.limit(2 * door.megabytes * MEGABYTE + 10**9)
    for index in indices:
        tell(json.dumps({"index": index}))
        tell(json.dumps({"index": index} | try_one(door, seed, index, memory)))
