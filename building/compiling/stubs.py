"""Bytecode without the functions that never ran, each of which a stub stands for: docs/splitting.md, "Python's own functions".

Runs inside Pyodide (compile.py). A stub takes what its function takes, asks cold.py for that by its number, and calls it.
"""

import inspect
import marshal
from collections.abc import Iterator, Sequence
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR, CO_NEWLOCALS, CO_VARARGS, CO_VARKEYWORDS
from keyword import iskeyword
from types import CodeType

# Bytes of a function's code as marshal writes it, below which a stub saves next to nothing.
LEAST = 250
# These look at who called them, and a stub would stand between.
LOOKING = frozenset(
    {"_getframe", "_getframemodulename", "currentframe", "stack", "warn", "warn_explicit", "_warn", "_deprecated"}
)
# Calling one of the first runs nothing yet; a docstring is one of the constants (and has a flag since Python 3.13).
OTHERS = CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR | getattr(inspect, "CO_HAS_DOCSTRING", 0)
# annotationlib runs the first's code with globals that are none; nobody knows when the other is called.
APART = frozenset({"__annotate__", "__del__"})


def codes(code: CodeType) -> Iterator[CodeType]:
    """All code within some code, each before what is within it: its place in this order is its number."""
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield const
            yield from codes(const)


def without_cold(code: CodeType, ran: set[int], rest: list[CodeType]) -> CodeType:
    """The code of a module with stubs for functions that are not among the numbers `ran`. These are added to `rest`, in which
    a stub's number is the function's place."""
    every = list(codes(code))
    if any(each.co_name == "__import__" for each in every):
        return code  # a stub's own would not be Python's
    return _cut(code, ran, rest, iter(range(len(every))), looking_in(every))


def looking_in(every: Sequence[CodeType]) -> frozenset[str]:
    """The names by which some code of a module may look at its caller: LOOKING, and what of the module's own has such a name
    within, directly or not. What classes share, as __init__, is not followed."""
    looking, before = LOOKING, None
    while looking != before:
        before = looking
        more = (each.co_name for each in every if not looking.isdisjoint(each.co_names))
        looking |= {name for name in more if not name.startswith(("__", "<"))}
    return looking


def _cut(
    code: CodeType, ran: set[int], rest: list[CodeType], numbers: Iterator[int], looking: frozenset[str]
) -> CodeType:
    # What a function makes is made anew with each call, and would be stubs again.
    is_function = bool(code.co_flags & CO_NEWLOCALS)
    consts = []
    for const in code.co_consts:
        if isinstance(const, CodeType):
            if next(numbers) in ran or is_function or not can_be_cut(const, looking):
                const = _cut(const, ran, rest, numbers, looking)
            else:
                for _ in codes(const):
                    next(numbers)
                rest.append(const)
                const = stub_of(const, len(rest) - 1)
        consts.append(const)
    return code.replace(co_consts=tuple(consts))


def can_be_cut(code: CodeType, looking: frozenset[str]) -> bool:
    """Whether a stub may stand for some code: a plain function that needs nothing of where it was made."""
    return (
        bool(code.co_flags & CO_NEWLOCALS)
        and not code.co_flags & OTHERS
        and not code.co_freevars
        and code.co_name not in APART
        and all(name.isidentifier() and not iskeyword(name) for name in parameters(code))
        and looking.isdisjoint(name for each in (code, *codes(code)) for name in each.co_names)
        and len(marshal.dumps(code)) >= LEAST
    )


def parameters(code: CodeType) -> tuple[str, ...]:
    """Their names, *args and **kwargs last."""
    more = bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + more]


def stub_of(code: CodeType, number: int) -> CodeType:
    """A function with the same signature that has cold.py find the one of that number, and calls it."""
    names = list(parameters(code))
    kwargs = [f"**{names.pop()}"] if code.co_flags & CO_VARKEYWORDS else []
    args = [f"*{names.pop()}"] if code.co_flags & CO_VARARGS else []
    positional, by_name = names[: code.co_argcount], names[code.co_argcount :]
    slash = ["/"] if code.co_posonlyargcount else []
    before, after = positional[: code.co_posonlyargcount], positional[code.co_posonlyargcount :]
    taken = [*before, *slash, *after, *(args or ["*"] * bool(by_name)), *by_name, *kwargs]
    given = [*positional, *args, *(f"{name}={name}" for name in by_name), *kwargs]
    text = f"def stub({', '.join(taken)}): return __import__('_cold').function({number})({', '.join(given)})"
    made = next(codes(compile(text, code.co_filename, "exec", dont_inherit=True, optimize=2)))
    return made.replace(
        co_name=code.co_name, co_qualname=code.co_qualname, co_firstlineno=code.co_firstlineno, co_flags=code.co_flags
    )
