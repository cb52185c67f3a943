"""Of Emscripten's library stays what is used, and what is not understood is refused."""

import random

import pytest

from building.split.library import without_unused
from building.split.numbers import SplitError

BEGIN, END = (
    "async function _createPyodideModule(moduleArg={}){",
    ";return moduleRtn}export default _createPyodideModule;\n",
)


def cut(glue, imported=(), named=()):
    """What stays between BEGIN and END, with a list of what modules get where `glue` has none."""
    given = "" if "wasmImports" in glue else "var wasmImports={_none:none};"
    whole = (BEGIN + glue + given + END).encode()
    made = without_unused(whole, {each.encode() for each in imported}, {each.encode() for each in named}).decode()
    assert made.startswith(BEGIN)
    assert made.endswith(END)
    return made[len(BEGIN) : -len(END)].replace("var wasmImports={};", "")


LIBRARY = (
    'function _a(){return _b()}_a.sig="i";function _b(){return c`_`}_b.sig="i";var c=x=>`}${x+"}"}`;'
    'function _d(){_d()}_d.sig="v";Module["_a"]=_a;Module["_b"]=_b;Module["_d"]=_d;Module["c"]=c;'
    "var wasmImports={a:_a,b:_b,d:_d,e};var e=function(){};"
)


def test_what_a_module_imports_stays_with_what_it_calls():
    assert cut(LIBRARY) == ""
    assert cut(LIBRARY, {"d"}) == 'function _d(){_d()}_d.sig="v";var wasmImports={d:_d};'
    assert cut(LIBRARY, {"e"}) == "var wasmImports={e};var e=function(){};"
    assert cut(LIBRARY, {"b"}) == 'function _b(){return c`_`}_b.sig="i";var c=x=>`}${x+"}"}`;var wasmImports={b:_b};'
    assert cut(LIBRARY, {"a", "b", "d", "e"}) == LIBRARY.replace(
        'Module["_a"]=_a;Module["_b"]=_b;Module["_d"]=_d;Module["c"]=c;', ""
    )


def test_what_other_scripts_name_stays_as_a_property():
    assert cut(LIBRARY, named={"_d"}) == 'function _d(){_d()}_d.sig="v";Module["_d"]=_d;'


@pytest.mark.parametrize("use", ["e._d;", 'e["_d"];', "e['_d'];", "let{_d}=e;", "let{_d:y}=e;", "let{x,_d=1}=e;"])
def test_a_property_is_found_however_it_is_asked_for(use):
    assert 'Module["_d"]=_d;' in cut(LIBRARY + use)


@pytest.mark.parametrize("use", ["f(_d);", "`y ${_d()} z`.f();", "if(x){_d()}", "class A{x=_d}", "let _x=()=>{_d()};"])
def test_a_function_that_is_called_by_what_runs_stays(use):
    assert cut(LIBRARY + use).replace('Module["_d"]=_d;', "") == 'function _d(){_d()}_d.sig="v";' + use


@pytest.mark.parametrize(
    "value",
    [
        "1", "-1.5", '"a"', "'\"'", "other", "null", "!0", "x=>x+f()", "x=>{f()}", "(x,y=f())=>{f();}", "async x=>f()",
        "async(x)=>{await f()}", "function(){f()}", "async function(x){f()}", "{}", "[]", "[1,{a:2}]", "c?1:-2",
        "{a:1,b(){f()},get c(){return f()},d:function(){f()},e:x=>f(x),f:(x)=>({y:f()}),g}", "{a:{b:[x=>`;${f()}`]}}",
        "x=>/[/;}]/.test(x)", "x=>{return /}/g}", "(x=(1))=>x",
    ],
)  # fmt: skip
def test_a_value_that_nobody_uses_goes(value):
    assert cut(f"var x={value};") == ""
    assert cut(f"var x={value};use(x);") == f"var x={value};use(x);"


@pytest.mark.parametrize(
    "value",
    [
        "f()", "new A", "new A()", "await f", "a.b", "a[b]", "a[0]", "f`x`", "`${f()}`", "(()=>{f()})()", "function(){f()}()",
        "a=b", "{a:f()}", "[f()]", "{a:b.c}", "{...f}", "{[f()]:1}", "x=>x,y=f()", "class{static{f()}}", "a+b", "a in b",
        "delete a", "(f(),1)", "a++", "{a(){},b:f()}", "{a:x=>x,b:f()}", "a/b/f()", "a instanceof b",
    ],
)  # fmt: skip
def test_a_value_whose_evaluation_could_do_something_stays(value):
    assert cut(f"var x={value};") == f"var x={value};"


def test_a_function_stays_for_another_part_of_it():
    text = 'function _d(){}_d.sig="v";_d.async=true;'
    assert cut(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "if(x){f()}var y=1;",
        "function f(){}if(x){}",
        "try{f()}catch{}function g(){}",
        "for(;;){}async function g(){}",
        "{f}",
    ],
)
def test_what_is_no_definition_stays(text):
    assert cut(text + "use(y,g,f);") == text + "use(y,g,f);"


@pytest.mark.parametrize(
    "glue",
    [
        "function f(){(}", "f([)]);", "f('", 'f("\n");', "f(`);", "f(`${`);", "x={}/1/g;", "f(/);", "}f(", "eval(text);",
        "var wasmImports={a:f()};", "var wasmImports={a};var wasmImports={a};",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused(glue):
    with pytest.raises(SplitError):
        cut(glue)


def test_damaged_glue_is_refused_or_cut_but_never_an_error_of_another_kind():
    chance = random.Random(0)
    whole = (
        BEGIN + LIBRARY + "var f={a(){},b:[x=>/[}]/,y=>`${z}`],'c':-1.5},g;if(x){use(f)}var h=async(x)=>x;use(h)" + END
    )
    refused = 0
    for _ in range(2000):
        start = chance.randrange(len(whole))
        damaged = whole[:start] + whole[start + chance.randrange(9) :]
        try:
            without_unused(damaged[: chance.randrange(len(whole) // 2, 2 * len(whole))].encode(), {b"a"}, set())
        except SplitError:
            refused += 1
    assert 0 < refused < 2000


def test_another_function_than_emscriptens_is_refused():
    for whole in ("", BEGIN, BEGIN + "f();", BEGIN + "}" + BEGIN + "}", "function x(){}"):
        with pytest.raises(SplitError):
            without_unused(whole.encode(), set(), set())
