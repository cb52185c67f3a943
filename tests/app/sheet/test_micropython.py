"""The page's own MicroPython answers what CPython answers: the same cases in both, of the sources as they are shipped."""

import random
from pathlib import Path

from app.sheet import delimited
from building.common import ROOT
from building.page.lean import without_words
from tests.app.sheet.answers import answers

HERE = Path(__file__).parent
MODULES = ("__init__", "amounts", "column", "delimited", "expressions", "ratios", "totals")
MARKED = "0123456789" * 3 + ".,.,-+/:%()$=××? '\u2212’\u00a0€a"
TABLED = "0123456789.,;\t\n\r\"'=+-@ aé\U0001f4a3\ufeff"
NUMBERS = (
    "5",
    "-5",
    "(12)",
    "1,234.50",
    "1.234",
    "$3",
    "7%",
    "0.10",
    ".5",
    "12:30",
    "1?",
    "",
    "9" * 40,
    "\u22120,25",
    "€4",
)
SUMS = (
    "12+7=", "12+7=19", "12+7=20", "1/3=", "1/3=0.33", "50%×200=", "200+10%=", "5/0=", "2+3=5=5", "12:30", "3+?=7", "1.234+1=",
    "((2+3)×4-1)/7=", "-5--3=", "(" * 20 + "1" + ")" * 20 + "=", "(" * 21 + "1" + ")" * 21 + "=", "1/7" + "+1/7" * 48 + "=",
    "×".join(["9999999"] * 24) + "=", "/".join(["9999999"] * 24) + "=", "+".join(f"1/{n}" for n in range(901, 935)) + "=",
    "1/99999999999999999999999999999=",
)  # fmt: skip


def cases():
    """[function, arguments], always the same ones."""
    rng = random.Random(0)

    def text(alphabet, longest):
        return "".join(rng.choice(alphabet) for _ in range(rng.randrange(longest)))

    def rows():
        return [[text(TABLED, 6) for _ in range(rng.choice((1, 1, 2, 3)))] for _ in range(rng.randrange(4))]

    def one_of():
        return rng.choice(NUMBERS) if rng.random() < 0.5 else f"{rng.randrange(-999, 999)}.{rng.randrange(100)}"

    signs = (".", ",", None)
    found = [["evaluate", [each, sign]] for each in SUMS for sign in signs]
    found += [["amount", [each, sign]] for each in NUMBERS for sign in signs]
    for _ in range(300):
        sign = rng.choice(signs)
        column = [str(rng.randrange(1000)) for _ in range(3)]
        column = [*column[: rng.randrange(4)], str(sum(map(int, column)) + rng.choice((0, 1, 500)))]
        texts, table = [one_of() for _ in range(rng.randrange(6))], rows()
        found += [
            ["amount", [text(MARKED, 10), sign]],
            ["evaluate", [text(MARKED, 12) + "=" + text(MARKED, 5), sign]],
            ["running", [[[each, True] for each in texts] + [[each, False] for each in texts], sign]],
            ["ends", [texts, sign]], ["compared", [column, sign]], ["compared", [texts, sign]],
            ["tsv", [table]], ["csv", [table, sign]], ["plain", [[[one_of()], [one_of()]], sign]],
            ["table_of", [text(TABLED, 40), sign]], ["table_of", [delimited.tsv(table), sign]],
        ]  # fmt: skip
    found += [
        ["table_of", [each]] for each in ("x" * 1001, "\t" * 50, "1\n" * 2001, "é" * 200_001, "\t".join("€é") * 40)
    ]
    return found


def test_micropython_answers_the_same(in_micropython):
    modules = {f"app/sheet/{name}.py": ROOT / "site" / "app" / "sheet" / f"{name}.py" for name in MODULES}
    sources = {path: without_words(file.read_bytes()).decode() for path, file in modules.items()}
    sources["answers.py"] = (HERE / "answers.py").read_text("utf-8")
    asked = cases()
    found, expected = in_micropython(sources, asked), answers(asked)
    assert len(found) == len(expected) == len(asked) > 3000
    assert [each for each in zip(asked, found, expected) if each[1] != each[2]] == []
