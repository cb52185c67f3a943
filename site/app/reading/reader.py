"""The link to the worker that reads: start it, ask it, notice when it is dead.

A call to a dead worker never settles, so every call has a deadline. One request is under way at
a time; a newer one replaces any that waits, and only the newest is ever answered. What the worker is
told comes before, all of it and in order; what it is asked aside waits for nothing.
"""

import asyncio

from jsffi import JsException
from pyscript import document, workers
from pyscript.ffi import create_proxy

from app.clock import within

NAME = "reader"  # of the worker's script element in index.html
START_SECONDS = 45  # with nothing new of the files, nor of the worker; later than this still counts
INK_SECONDS = 20
PICTURE_SECONDS = 60  # between two steps of it
CANCEL_SECONDS = 60  # likewise: it is heard at the next

# The steps of a start as the worker tells them (boot/early.js, boot/pyodide.mjs, worker.py), each with what is said where it
# is the first that was not reached: whoever sees only a picture of the page can tell what is wrong.
NOT_REACHED = {
    "begun": "its worker has not begun",
    "listening": "its worker has begun, but does not listen to the page",
    "python": "its worker listens, but Python has not started there",
    "model": "Python has started, but its model is not loaded",
}
TOLD = "status", "web page", "another version"  # in what is said where the host answered and nothing held the file back
ADVICE = "Check the connection, and whether a blocker or another extension of the browser holds it back."
NOT_STARTED = "It could not start: {}."
LACKING = "It needs a part of Python that is not here: {}."
ALL_REACHED = "its model is loaded, but it does not answer"


class Request:
    """Something to read, or to tell: `send(worker)` asks for it, `show(answer)` takes what comes back within so many
    seconds, or so many after the last step of it that the worker told. `cancel(worker)` ends it, where it can be ended."""

    def __init__(self, send, show, seconds, cancel=None):
        self.send = send
        self.show = show
        self.seconds = seconds
        self.cancel = cancel


class Trouble:
    """Stands for an answer that did not come; like the worker's own, it says why."""

    def __init__(self, error):
        self.error = error


class Reader:
    """Tells `on_step(n)` how far the start is, `on_ready()` that requests are answered now, `on_lack()` that the worker has
    stopped for want of a file, before another starts with it, and `on_failure(sentence)` that no request is answered until
    `restart()` succeeds. `downloaded()` is a number that changes while files come,
    `reached()` a string of the steps of the start that were reached."""

    def __init__(self, on_step, on_ready, on_lack, on_failure, downloaded, reached):
        self.on_step = on_step
        self.on_ready = on_ready
        self.on_lack = on_lack
        self.on_failure = on_failure
        self.downloaded = downloaded
        self.reached = reached
        self.worker = None  # what the worker exports, once it can read
        self.latest = None  # the request that is to be answered
        self.told = []  # requests that are answered before it, one after the other
        self.busy = False  # a call is under way
        self.serving = None  # its request
        self.steps = 0  # of a picture's reading, that the worker told
        self.starts = 0
        self.started = 0  # the last start that came to its end
        self.problem = NOT_STARTED  # of the next that does not
        # Not window.addEventListener: once an element's was called, MicroPython calls that one.
        document.defaultView.addEventListener("unhandledrejection", create_proxy(self._stray_rejection))
        document.defaultView.addEventListener("stepped", create_proxy(self._stepped))
        document.defaultView.addEventListener("lacks", create_proxy(lambda event: self._lacks(event.detail)))

    def start(self):
        """Waits for the worker that index.html, or restart, asked for."""
        self.starts += 1
        asyncio.create_task(self._start(self.starts))
        asyncio.create_task(self._watch(self.starts))

    def restart(self):
        """Ends the worker, dead or alive, and starts one under a new name."""
        self.worker = None
        self.told = []
        old = self._end()
        script = document.createElement("script")
        script.type = "py"
        script.setAttribute("worker", "")
        script.setAttribute("name", self._name(self.starts + 1))
        script.setAttribute("src", old.getAttribute("src"))
        old.remove()
        document.body.append(script)
        self.start()

    def _end(self):
        """Ends the worker; returns its element."""
        script = document.querySelector('script[type="py"][worker]')
        if hasattr(script, "xworker"):
            script.xworker.terminate()
        return script

    def ask(self, request):
        self.forget()
        self.latest = request
        self._serve_soon()

    def tell(self, request):
        """Something that is neither replaced nor overtaken, unless the worker ends."""
        self.told.append(request)
        self._serve_soon()

    async def call(self, send, seconds):
        """What the worker answers to a call beside the readings, or Trouble."""
        worker = self.worker
        if not worker:
            return Trouble("The recogniser is not working just now.")
        try:
            return await within(seconds, _call(send, worker), is_vain=lambda: worker is not self.worker)
        except asyncio.TimeoutError:  # noqa: UP041, MicroPython has no other name for it
            if worker is not self.worker:
                return await self._call_again(send, seconds)
            return Trouble(f"The recogniser has not answered for {seconds} seconds.")
        except JsException as error:
            return Trouble("The recogniser failed: " + reason(error))

    async def _call_again(self, send, seconds):
        while document.body.dataset.app == "loading":
            await asyncio.sleep(0.1)
        return await self.call(send, seconds)

    def forget(self):
        """The ink has changed: what was asked before is not to be answered any more."""
        self.latest = None
        if self.busy and self.serving and self.serving.cancel:
            asyncio.create_task(self.call(self.serving.cancel, CANCEL_SECONDS))
            self.serving.cancel = None

    def _stepped(self, event):
        self.steps += 1

    def _name(self, start):
        return NAME if start == 1 else f"{NAME}-{start}"

    # --- starting ------------------------------------------------------------------------

    async def _start(self, start):
        try:
            worker = await workers[self._name(start)]
            if start == self.starts:
                self.on_step(2)
            answer = await worker.ping()
        except JsException as error:
            self._fail(start, advised(self.problem, reason(error)))
            return
        if hasattr(answer, "missing"):
            self._fail(start, advised(self.problem, answer.missing))
        elif hasattr(answer, "error"):
            self._fail(start, answer.error)
        elif start == self.starts:  # even after a failure was told: late is not never
            self.worker = worker
            self.started = start
            self.problem = NOT_STARTED
            self.busy = False
            self.on_ready()
            self._serve_soon()

    async def _watch(self, start):
        heard, silence = None, 0
        while start == self.starts and start != self.started and silence < START_SECONDS:
            await asyncio.sleep(1)
            heard, before = (self.downloaded(), self.reached()), heard
            silence = silence + 1 if heard == before else 0
        sentence = f"Nothing was heard of it for {START_SECONDS} seconds: {self._missing_step()}."
        self._fail(start, sentence + " Wait, try again, or reload the page.")

    def _missing_step(self):
        reached = self.reached().split()
        return next((NOT_REACHED[step] for step in NOT_REACHED if step not in reached), ALL_REACHED)

    def doubt(self, message):
        """PyScript drops the promise of a worker whose files cannot be fetched, so a rejection
        that nobody handled while a worker starts is taken for the reason why it does not."""
        self._fail(self.starts, advised(self.problem, message))

    def _stray_rejection(self, event):
        rejected = event.reason
        if hasattr(rejected, "isTrusted") or getattr(rejected, "name", "") == "SecurityError":
            return  # PyScript asked for storage that is forbidden; it does without
        self.doubt(str(rejected.message if hasattr(rejected, "message") else rejected))

    def _fail(self, start, sentence):
        if start == self.starts and start != self.started:
            self.on_failure(sentence)

    def _lacks(self, reason):
        """The worker was asked for something that takes functions of Python which have not come (boot/rest.mjs). Another has
        them before it starts, and answers what this one was asked; `reason`, where this one was to have them."""
        if not isinstance(reason, str):
            self.problem = LACKING if self.worker else NOT_STARTED
            self.on_lack()
            self.restart()
            return
        self._end()
        if self.worker:
            self._lose(advised(LACKING, reason))
        else:
            self._fail(self.starts, advised(LACKING, reason))

    def _lose(self, problem):
        self.worker = self.latest = None
        self.told = []
        self.on_failure(problem)

    # --- asking --------------------------------------------------------------------------

    def _serve_soon(self):
        if self.worker and (self.told or self.latest) and not self.busy:
            self.busy = True
            asyncio.create_task(self._serve(self.worker))

    async def _serve(self, worker):
        while (self.told or self.latest) and worker is self.worker:
            request = self.serving = self.told[0] if self.told else self.latest
            problem = None
            try:
                answer = await within(request.seconds, _call(request.send, worker), lambda: self.steps)
            except asyncio.TimeoutError:  # noqa: UP041, MicroPython has no other name for it
                problem = f"It has not answered for {request.seconds} seconds."
            except JsException as error:  # what can be expected comes as an answer
                problem = "It failed: " + reason(error)
            if worker is not self.worker:
                return  # restarted meanwhile
            if problem:
                self._lose(problem)
            elif request in self.told:
                self.told.remove(request)
                request.show(answer)
            elif request is self.latest:
                self.latest = None
                request.show(answer)
        self.busy = False
        self.serving = None


async def _call(send, worker):
    """A task is made of a coroutine, not of the promise that a worker returns."""
    return await send(worker)


def advised(sentence, message):
    """The sentence with the message in it. Where the host did answer there is nothing that held the file back."""
    sentence = sentence.format(message.rstrip("."))
    return sentence if any([each in message for each in TOLD]) else f"{sentence} {ADVICE}"


def reason(error):
    """The last line of a JsException, whose arguments are a proxy, a name and a message."""
    return str(error.args[-1]).strip().split("\n")[-1]
