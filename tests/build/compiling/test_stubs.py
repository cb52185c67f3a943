"""Functions of which a stub stands in a module's code do what they did; the functions that never ran are played by any."""

import functools
import inspect
import marshal
import sys
import types

import pytest
from hypothesis import given
from hypothesis import strategies as st

from building.compiling import cold, stubs

SOURCE = """
import sys
from functools import wraps

BASE = 10

def plain(a, b=2): return [a, b, BASE]
def only_positions(a, b, /, c=3): return [a, b, c]
def by_name(a, *, b=2, c): return {"a": a, "b": b, "c": c}
def all_kinds(a, /, b, *args, c=3, d, **kwargs): return [a, b, args, c, d, kwargs]
def nothing(): return None
def factorial(n): return 1 if n < 2 else n * factorial(n - 1)
def with_inner(items):
    def inner(item, times=3): return [item] * times
    return [inner(each) for each in items]
def raises(text): raise ValueError(text)
triple = lambda x: x * 3
def decorated(function):
    @wraps(function)
    def call(*args): return function(*args)
    return call

class Thing:
    made = 0
    def __init__(self, name, size=1): self.name, self.__size = name, size; Thing.made += 1
    def __eq__(self, other): return self.name == other.name
    def __hash__(self): return hash(self.name)
    def private(self): return self.__size
    @property
    def shout(self): return self.name.upper()
    @classmethod
    def default(cls, *, name="none"): return cls(name)
    @staticmethod
    def helper(x, y=1): return x + y

class Child(Thing):
    def __init__(self, name): super().__init__(name, 7)
    def inherited(self): return super().private()

def results():
    thing = Thing("one", 4)
    return [
        plain(1), plain(1, b=5), only_positions(1, 2), by_name(1, c=4), all_kinds(1, 2, 3, 4, d=5, e=6), nothing(),
        factorial(20), with_inner("ab"), triple(4), decorated(plain)(8), thing == Thing("one"), len({thing, Thing("one")}),
        thing.private(), thing.shout, Thing.default().name, Thing.helper(2), Child("c").inherited(), Thing.made,
        [plain(k) for k in range(3)], sorted([3, 1, 2], key=lambda x: -x),
    ]
"""
CODE = compile(SOURCE, "made.py", "exec", dont_inherit=True, optimize=2)
COUNT = len(list(stubs.codes(CODE)))
OTHER_KINDS = """
def generator(): yield 1
async def coroutine(): return 1
async def both(): yield 1
def outer(x):
    def within(): return x
    return within
def looks(): return sys._getframe(1)
def warns(): warnings.warn("old", stacklevel=2)
def _caller(): return sys._getframe(2)
def _helper(): return _caller()
def looks_by_others(): return _caller()
"""


def load(monkeypatch, code, ran, least=0):
    """The module of some code in which `ran` ran, whose rest is at hand, and a list of what is asked for."""
    rest, asked = [], []
    monkeypatch.setattr(stubs, "LEAST", least)
    made = marshal.loads(marshal.dumps(stubs.without_cold(code, set(ran), rest)))
    data = marshal.dumps(rest)
    js = types.ModuleType("js")
    js.restOfPython = {cold.KEY: types.SimpleNamespace(to_bytes=lambda: data)}.__getitem__
    js.console = types.SimpleNamespace(debug=asked.append)
    monkeypatch.setitem(sys.modules, "js", js)
    monkeypatch.setitem(sys.modules, "_cold", cold)
    monkeypatch.setattr(cold, "_rest", None)
    module = types.ModuleType("made")
    exec(made, module.__dict__)
    return module, asked


@pytest.fixture
def loaded(monkeypatch):
    return functools.partial(load, monkeypatch)


WHOLE = types.ModuleType("whole")
exec(CODE, WHOLE.__dict__)
EXPECTED = WHOLE.results()


def test_all_that_can_be_a_stub_is_one_and_does_the_same(loaded):
    module, asked = loaded(CODE, [])
    assert module.results() == EXPECTED
    assert len(asked) >= 15


@given(ran=st.sets(st.integers(0, COUNT - 1)))
def test_whatever_ran_it_does_the_same(ran):
    with pytest.MonkeyPatch.context() as monkeypatch:
        module, _ = load(monkeypatch, CODE, ran)
        assert module.results() == EXPECTED


def test_a_stub_is_its_function_to_whoever_looks(loaded):
    module, _ = loaded(CODE, [])
    functions = [name for name, each in vars(WHOLE).items() if isinstance(each, types.FunctionType) and name != "wraps"]
    assert len(functions) > 10
    for name in functions:
        stub, real = getattr(module, name), getattr(WHOLE, name)
        assert inspect.signature(stub) == inspect.signature(real), name
        assert (stub.__name__, stub.__qualname__) == (real.__name__, real.__qualname__)
        assert stub.__code__.co_firstlineno == real.__code__.co_firstlineno
        assert stub.__code__.co_filename == real.__code__.co_filename
        assert stub.__code__.co_flags == real.__code__.co_flags
        assert stub.__code__.co_code != real.__code__.co_code, name


@pytest.mark.parametrize(
    "call", ["plain()", "only_positions(a=1, b=2)", "by_name(1)", "plain(1, 2, 3)", "nothing(x=1)"]
)
def test_what_is_no_call_of_it_is_refused_with_the_same_words(loaded, call):
    module, asked = loaded(CODE, [])
    said = []
    for each in (module, WHOLE):
        with pytest.raises(TypeError) as error:
            eval(call, each.__dict__)
        said.append(str(error.value))
    assert said[0] == said[1]
    assert asked == []


def test_what_was_asked_for_is_no_stub_any_more(loaded):
    module, asked = loaded(CODE, [])
    kept = module.factorial
    assert kept(6) == module.factorial(5) * 6 == 720
    assert asked.count("the rest of made.py is needed: factorial") == 1
    assert kept.__code__.co_code == WHOLE.factorial.__code__.co_code


def test_what_it_raises_comes_through(loaded):
    module, _ = loaded(CODE, [])
    with pytest.raises(ValueError, match="^so$"):
        module.raises("so")


def test_others_are_left_as_they_are(loaded):
    code = compile("import sys, warnings\n" + OTHER_KINDS, "others.py", "exec", dont_inherit=True)
    module, asked = loaded(code, [])
    assert list(module.generator()) == [1]
    assert inspect.iscoroutinefunction(module.coroutine)
    assert inspect.isasyncgenfunction(module.both)
    assert module.looks() is module.looks_by_others() is sys._getframe()
    with pytest.warns(UserWarning, match="old") as seen:
        module.warns()
    assert seen[0].filename == __file__
    assert asked == []
    assert module.outer(5)() == 5
    assert asked == ["the rest of others.py is needed: outer"]


def test_what_a_function_that_ran_makes_anew_is_no_stub(loaded):
    text = "def makes():\n    def each(x): return x + 1\n    return each\n"
    code = compile(text, "made.py", "exec", dont_inherit=True)
    module, asked = loaded(code, [0])
    assert [module.makes()(k) for k in range(3)] == [1, 2, 3]
    assert asked == []


def test_a_module_with_an_import_of_its_own_has_no_stubs(loaded):
    text = "def __import__(*names): return names\ndef plain(a): return a\n"
    module, asked = loaded(compile(text, "made.py", "exec", dont_inherit=True), [])
    assert module.plain(3) == 3
    assert asked == []


def test_a_function_that_is_small_is_not_worth_a_stub(loaded):
    _, asked = loaded(CODE, [], least=100_000)
    assert asked == []
    module, _ = loaded(CODE, [], least=100_000)
    assert module.plain.__code__ == WHOLE.plain.__code__
