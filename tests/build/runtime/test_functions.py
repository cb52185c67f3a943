"""What PyScript makes of texts stands in its core as it is; a core that makes others stops the build."""

import shutil
import subprocess

import pytest

from building.common import BuildError
from building.runtime.functions import MAKES_CODE, without_texts
from building.runtime.pyscript import worker_code
from tests.build.conftest import CORE

OTHERS = {"core.js": b"export {}"}
MADE = """(w,x)=>(async(e,t,...n)=>{for(const r of n)await r(e,t)})(w,x,...[({interpreter:e})=>{""" + (
    """e.registerJsModule("it",{a:{b:1}})}])"""
)


def test_nothing_makes_code_of_a_text_and_the_rest_is_as_it_was():
    changed = without_texts(OTHERS | {"core-ABC.js": CORE})
    assert changed["core.js"] == OTHERS["core.js"]
    text = changed["core-ABC.js"].decode()
    assert not MAKES_CODE.search(text)
    assert MAKES_CODE.search(CORE.decode())
    assert "P=Function.prototype;" in text
    assert text.count(MADE) == 2
    assert MADE in worker_code(changed).decode()
    assert worker_code(changed).startswith(b'const b="it\'s",I=e=>(')


def test_the_worker_takes_what_the_page_sends_and_both_refuse_another_text(skip_or_fail):
    node = shutil.which("node")
    if node is None:
        skip_or_fail("there is no Node to run it")
    changed = without_texts({"core-ABC.js": CORE})
    hooks = [line for line in changed["core-ABC.js"].decode().splitlines() if line.startswith(("const o=", "H={"))]
    script = f"""const S = Set, R = Set; let H; {"".join(hooks)} {worker_code(changed).decode()}
      const refused = (act) => {{ try {{ act(); }} catch ({{message}}) {{ return message; }} }};
      const sent = String(J({{}}, "onBeforeRunAsync"));
      I(sent)({{interpreter: {{registerJsModule: (name) => console.log(name)}}}});
      console.log(refused(() => I("1")));
      H.worker.onBeforeRunAsync.add(() => 1);
      console.log(refused(() => J({{}}, "onBeforeRunAsync")));"""
    said = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True).stdout.splitlines()
    assert said == ["it", *["no text becomes a function here: building/runtime/functions.py"] * 2]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"return(${e}).apply(null,arguments)", b"return(${e}).call(this)"),
        (b"return (${e})", b"return ${e}"),
        (b"return(w,x)=>", b"return(w)=>"),
        (b"onBeforeRun:new S,", b"onBeforeRun:new S([e=>{}]),"),
        (b"registerJsModule(", b"register((1),"),
        (b"export let a", b"export let a=new Function('return 1')"),
        (b"export let a", b"export let a=globalThis.eval"),
        (b"export let a", b"export let a=(0,eval)('1')"),
        (b'"from a import b', b'"import js; js.Function(1)'),
    ],
    ids=["evaluate", "create", "hooks", "two hooks", "another hook", "new", "name", "aside", "python"],
)
def test_a_core_that_makes_code_of_texts_in_other_places_is_refused(old, new):
    assert old in CORE
    with pytest.raises(ValueError, match="PyScript's core (has \\d+ of what|makes code of texts)"):
        without_texts({"core-ABC.js": CORE.replace(old, new)})


def test_the_build_stops_with_that_sentence_and_leaves_the_last_page(miniature):
    miniature.build()
    before = miniature.plain()
    miniature.pin({"pyscript/core-ABC.js": CORE + b"setTimeout(eval, 1, '1');"})
    with pytest.raises(BuildError, match="PyScript's core makes code of texts where the build does not know of: eval"):
        miniature.build()
    assert miniature.plain() == before
