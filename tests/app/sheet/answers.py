"""What the sheet's functions answer, as plain values: run by CPython and by MicroPython, whose answers are compared."""

from app.sheet import amounts, column, delimited, expressions, totals


def running(changes, decimal):
    """What the total and the mean are behind each change: (text, whether it comes or goes)."""
    kept, found = totals.Running(), []
    for text, comes in changes:
        amount = amounts.parse(text, decimal)
        if amount is not None:
            (kept.add if comes else kept.take)(amount)
            mean = kept.mean()
            found.append([kept.count, kept.total(), mean and totals.written_mean(mean, decimal)])
    return found


def amount(text, decimal):
    found = amounts.parse(text, decimal)
    plain = amounts.plain(text, decimal)
    return [found, amounts.why_not(text, decimal), plain, found and amounts.written(found, decimal)]


def ends(texts, decimal):
    found = [each for each in [amounts.parse(text, decimal) for text in texts] if each is not None]
    return [totals.smallest(found), totals.largest(found)]


def compared(texts, decimal):
    found = column.compared(texts, decimal)
    return found and [found, column.sentence(found, decimal)]


ASKED = {
    "amount": amount,
    "running": running,
    "ends": ends,
    "compared": compared,
    "evaluate": expressions.evaluate,
    "tsv": delimited.tsv,
    "csv": delimited.csv,
    "plain": delimited.plain,
    "table_of": delimited.table_of,
}


def simple(value):
    """Named tuples as lists, whole numbers as texts: JSON's have an end."""
    if isinstance(value, bool):  # which is no int in MicroPython
        return value
    if isinstance(value, (list, tuple)):
        return [simple(each) for each in value]
    return str(value) if isinstance(value, int) else value


def answers(cases):
    """What comes of [name, its arguments] each, errors with their sentences."""
    found = []
    for name, arguments in cases:
        try:
            found.append(simple(ASKED[name](*arguments)))
        except delimited.TableError as error:
            found.append(["TableError", str(error)])
    return found
