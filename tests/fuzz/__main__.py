"""Tries to break the number reader: thousands of bad inputs for each of its doors.

    python -m tests.fuzz [--door NAME ...] [--count N] [--seed S] [--only INDEX]

Each input must end in a reading or in a documented error with a reason, in 2 seconds of the processor and in the memory
that the door may take. Ends with status 1 if any does not; what to type to see it again is printed.
"""

import argparse
import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
COUNT = 10_000
HANG, START = 60, 600  # s in which an input must end, and a process must have started, however busy the machine is
AT_ONCE = 2  # processes
SHOWN = 5  # faults of a door that are printed in full


def doors():
    from tests.fuzz import recognizers, sheet, training_data

    return {door.name: door for door in recognizers.DOORS + training_data.DOORS + sheet.DOORS}


class Worker:
    """A process that goes through a door with the inputs `indices`; started anew behind one that it died of."""

    def __init__(self, door, seed, indices):
        self.door, self.seed, self.left = door, seed, list(indices)
        self.start()

    def start(self):
        first, step = self.left[0], self.left[1] - self.left[0] if len(self.left) > 1 else 1
        work = map(str, (self.door, self.seed, first, self.left[-1] + 1, step))
        command = [sys.executable, "-m", "tests.fuzz", "--work", *work]
        environment = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        self.grumbles = tempfile.TemporaryFile()  # decoders print what they think of a picture
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=self.grumbles, cwd=ROOT, env=environment
        )
        self.heard, self.under_way = time.monotonic(), None

    @property
    def is_late(self):
        return time.monotonic() - self.heard > (START if self.under_way is None else HANG)

    def line(self, found):
        """Takes in a line; "" says that the process has ended. Whether there is more to come."""
        text = self.process.stdout.readline()
        self.heard = time.monotonic()
        if not text:
            return self.ended(found, f"the process died: status {self.process.wait()}")
        said = json.loads(text)
        if "outcome" not in said:
            self.under_way = said["index"]
            return True
        self.under_way = None
        self.left.remove(said["index"])
        found.append(said)
        return True

    def ended(self, found, reason):
        self.process.kill()
        self.process.wait()
        if self.left:
            index = self.left.pop(0)
            self.grumbles.seek(0)
            trace = self.grumbles.read()[-4000:].decode(errors="replace")
            found.append({"index": index, "outcome": "", "seconds": 0, "megabytes": 0, "fault": reason, "trace": trace})
        if self.left:
            self.start()
            return True
        return False


def go_through(door, seed, count):
    """All that came of `count` inputs."""
    found, selector = [], selectors.DefaultSelector()
    for k in range(min(AT_ONCE, count)):
        worker = Worker(door, seed, range(k, count, AT_ONCE))
        selector.register(worker.process.stdout, selectors.EVENT_READ, worker)
    while selector.get_map():
        ready = [key for key, _ in selector.select(timeout=1)]
        late = [key for key in selector.get_map().values() if key not in ready and key.data.is_late]
        for key in ready + late:
            worker, stream = key.data, key.fileobj
            if not (worker.line(found) if key in ready else worker.ended(found, f"it had not ended after {HANG} s")):
                selector.unregister(stream)
            elif worker.process.stdout is not stream:
                selector.unregister(stream)
                selector.register(worker.process.stdout, selectors.EVENT_READ, worker)
    return found


def report(door, seed, found, seconds):
    """Prints what came of it; returns how many faults there are."""
    faults = [each for each in found if each["fault"]]
    outcomes = Counter(each["outcome"] for each in found if each["outcome"])
    slowest, largest = max(found, key=lambda each: each["seconds"]), max(found, key=lambda each: each["megabytes"])
    counted = ", ".join(f"{count:,} {name}" for name, count in outcomes.most_common())
    print(f"{door.name}: {len(found):,} inputs in {seconds:.0f} s: {counted}; faults: {len(faults)}")
    memory = f"{max(largest['megabytes'], 0):.0f} of {door.megabytes} MB"
    print(f"  slowest {slowest['seconds']:.2f} s, most memory {memory}", flush=True)
    for fault in sorted(faults, key=lambda each: each["index"])[:SHOWN]:
        trace = fault["trace"].strip().splitlines()
        print(f"  {fault['fault']} ({trace[-2].strip() if len(trace) > 1 else ''})")
        print(f"    python -m tests.fuzz --door {door.name} --seed {seed} --only {fault['index']}")
    kinds = Counter(fault["fault"].split(":")[0][:80] for fault in faults)
    for kind, count in kinds.most_common(20) if faults else ():
        print(f"    {count} x {kind}", flush=True)
    return len(faults)


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--door", nargs="+", metavar="NAME", help="only these")
    parser.add_argument(
        "--count", type=int, default=COUNT, help=f"inputs of each door, {COUNT:,} if not said, fewer pages"
    )
    parser.add_argument("--seed", default="0", help="others make other inputs")
    parser.add_argument(
        "--only", type=int, metavar="INDEX", help="this input of a door, with all that is known of a fault"
    )
    parser.add_argument("--work", nargs=5, help=argparse.SUPPRESS)
    options = parser.parse_args()
    known = doors()
    if options.work:
        from tests.fuzz.work import work

        name, seed, first, end, step = options.work
        work(known[name], seed, range(int(first), int(end), int(step)), lambda line: print(line, flush=True))
        return 0
    if unknown := set(options.door or ()) - set(known):
        parser.error(f"there is no door {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    chosen = [known[name] for name in options.door or known]
    if options.only is not None:
        return show_one(chosen, options.seed, options.only)
    faults = 0
    for door in chosen:
        start = time.monotonic()
        faults += report(
            door,
            options.seed,
            go_through(door.name, options.seed, max(1, round(options.count * door.share))),
            time.monotonic() - start,
        )
    print(f"{faults} faults" if faults else "no fault")
    return 1 if faults else 0


def show_one(chosen, seed, index):
    """Tries one input here, and keeps it if it is a file."""
    from tests.fuzz.work import Memory, made, try_one

    faults = 0
    for door in chosen:
        thing = made(door, seed, index)
        print(f"{door.name} {index}: {repr(thing)[:500]}", flush=True)
        if isinstance(thing, bytes):
            kept = ROOT / "build" / "fuzz" / f"{door.name}-{seed}-{index}"
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(thing)
            print(f"kept in {kept.relative_to(ROOT)}")
        came = try_one(door, seed, index, Memory())
        print(f"{came['outcome']} {came['seconds']:.2f} s, {came['megabytes']:.0f} MB")
        print(f"{came['fault']}\n{came['trace']}")
        faults += bool(came["fault"])
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
