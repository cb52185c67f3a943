"""The mode Sums: what 12+7= comes to, and whether 12+7=19 is right, behind what the page says of the reading."""

import asyncio

from jsffi import JsException

from app.dom import by_id
from app.later import fetch

PACK = "sheet"
MODE = "sums"
UNSURE = "If it is read rightly: "
SAID = 2  # lines of which each is said; of more it is counted


class Check:
    """Listens to the desk. A reading that anything is unsure in is never called right or wrong without a condition."""

    def __init__(self, desk, mode):
        self.desk, self.mode = desk, mode
        desk.on_reading.append(self._read)

    def _read(self, reading):
        if reading and self.mode.chosen == MODE and "=" in reading.text:
            asyncio.create_task(self._check(reading, reading.text, by_id("verdict").textContent))

    async def _check(self, reading, text, before):
        try:
            await fetch(PACK)
            from app.sheet.expressions import evaluate
        except JsException:
            return  # what was read is there all the same
        verdicts = [evaluate(line.replace("\t", " "), self.mode.decimal) for line in text.split("\n") if "=" in line]
        said = in_words([each for each in verdicts if each.said])
        verdict = by_id("verdict")
        if said and reading is self.desk.reading and verdict.textContent == before:
            is_doubtful = any([cell.is_doubtful for cell in reading.cells])
            verdict.textContent = f"{before}{'' if before[-1:] in '.!' else '.'} {UNSURE if is_doubtful else ''}{said}"


def in_words(verdicts):
    if len(verdicts) <= SAID:
        return " ".join([each.said + ("" if each.said.endswith(".") else ".") for each in verdicts])
    counts = [
        (kind, len([each for each in verdicts if each.kind == kind]))
        for kind in ("right", "rounded", "wrong", "answer")
    ]
    return (
        ", ".join([f"{count} {kind if kind != 'answer' else 'without a result'}" for kind, count in counts if count])
        + "."
    )
