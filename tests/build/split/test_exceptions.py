"""Exceptions go through stubs as they go through calls: thrown by either part and caught by either, by the older instructions
and by the newer; and no handler catches that the rest is not there."""

import json

from building.split.module import CODE, EXPORT, FUNCTION, FUNCTIONS, TAG, TYPE, Export, Module
from building.split.numbers import sized, unsigned, vector
from building.split.splitting import split
from tests.build.split.conftest import call

NOPS = b"\x01" * 600  # else a body would stay, as it is short and called by what stays
X = b"\x20\0"
THROWS = b"\0" + NOPS + X + b"\x08\0\x0b"  # throw x


def added(number):
    """i32.const; i32.add"""
    return b"\x41" + unsigned(number) + b"\x6a"


def caught(index):
    """try f(x) catch tag: x + 20"""
    return b"\0" + NOPS + b"\x06\x7f" + X + call(index) + b"\x07\0" + added(20) + b"\x0b\x0b"


def all_caught(index):
    """try f(x) catch_all: 7"""
    return b"\0" + NOPS + b"\x06\x7f" + X + call(index) + b"\x19\x41\7\x0b\x0b"


def thrown_again(index):
    """try f(x) catch_all: rethrow"""
    return b"\0" + NOPS + b"\x06\x7f" + X + call(index) + b"\x19\x09\0\x0b\x0b"


def newly_caught(index):
    """block: try_table (catch tag 0) f(x), return; x + 20"""
    return b"\0" + NOPS + b"\x02\x7f\x1f\x7f\1\0\0\0" + X + call(index) + b"\x0b\x0f\x0b" + added(20) + b"\x0b"


def newly_all_caught(index):
    """block: try_table (catch_all 0) f(x), return; 7"""
    return b"\0" + NOPS + b"\x02\x40\x1f\x7f\1\2\0" + X + call(index) + b"\x0b\x0f\x0b\x41\7\x0b"


def newly_thrown_again(index):
    """block (result exnref): try_table (catch_all_ref 0) f(x), return; throw_ref"""
    return b"\0" + NOPS + b"\x02\x69\x1f\x7f\1\3\0" + X + call(index) + b"\x0b\x0f\x0b\x0a\x0b"


def passed(index):
    return b"\0" + NOPS + X + call(index) + b"\x0b"


OLDER = caught, all_caught, thrown_again
NEWER = newly_caught, newly_all_caught, newly_thrown_again
HOT_THROWS, COLD_THROWS = 0, 1


def module_of(handlers):
    """(bytes, the functions that ran): exports f0, f1, ..., each i32 -> i32."""
    one, every, again = handlers
    bodies = [THROWS, THROWS]
    hot = {HOT_THROWS}

    def add(body, ran):
        bodies.append(body)
        hot.update({len(bodies) - 1} if ran else set())
        return len(bodies) - 1

    for handler in (one, every):
        add(handler(COLD_THROWS), True)
        add(handler(HOT_THROWS), False)
    add(one(add(passed(HOT_THROWS), False)), True)  # from the first, through the rest, to the first
    add(one(add(passed(COLD_THROWS), True)), False)
    add(one(add(again(HOT_THROWS), False)), True)
    add(every(add(again(COLD_THROWS), True)), False)
    module = Module()
    module.put(TYPE, vector([b"\x60\1\x7f\1\x7f", b"\x60\1\x7f\0"]))
    module.put(FUNCTION, vector([b"\0"] * len(bodies)))
    module.put(TAG, vector([b"\0\1"]))
    module.put(EXPORT, vector([Export(f"f{at}".encode(), FUNCTIONS, at).bytes for at in range(len(bodies))]))
    module.put(CODE, vector([sized(body) for body in bodies]))
    return bytes(module), hot


# JavaScript, of three modules' bytes: {function: [what it comes to whole, as the first call of the rest, after all others, and
# where the loader comes back without the rest]}.
OUTCOMES = """(...bytes) => {
  const [whole, first, rest] = bytes.map((each) => new WebAssembly.Module(Uint8Array.from(each)));
  const caller = new WebAssembly.Module(
    Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 5, 1, 0, 0, 0, 0, 7, 4, 1, 0, 0, 0]),
  );
  const begun = (load) => {
    const { exports } = new WebAssembly.Instance(first);
    const called = new WebAssembly.Instance(caller, { "": { "": () => load(exports) } });
    exports["split:table"].set(0, called.exports[""]);
    return exports;
  };
  const loaded = (exports) => {
    new WebAssembly.Instance(rest, { "": exports });
    exports[Object.keys(exports).find((name) => name.startsWith("split:loaded "))].value = 1;
  };
  const outcome = (exports, name) => {
    try {
      return exports[name](5);
    } catch (error) {
      return error.constructor.name;
    }
  };
  const { exports } = new WebAssembly.Instance(whole);
  const shared = begun(loaded);
  const lacking = begun(() => {});
  return Object.fromEntries(Object.keys(exports).map((name) =>
    [name, [outcome(exports, name), outcome(begun(loaded), name), outcome(shared, name), outcome(lacking, name)]]
  ));
}"""
# What x = 5 comes to, and whether that needs the rest.
COMES_TO = [
    ("Exception", False), ("Exception", True), (25, True), (25, True), (7, True), (7, True),
    ("Exception", True), (25, True), ("Exception", True), (25, True),
    ("Exception", True), (25, True), ("Exception", True), (7, True),
]  # fmt: skip
EXPECTED = {
    f"f{number}": [value, value, value, "RuntimeError" if needs_rest else value]
    for number, (value, needs_rest) in enumerate(COMES_TO)
}


def parts_of(handlers):
    """[whole, first, rest]"""
    data, hot = module_of(handlers)
    made = split(data, hot)
    return [data, made.first, made.rest]


def test_what_is_thrown_is_caught_where_it_was_and_no_handler_catches_that_the_rest_is_lacking(under_node):
    """By the older instructions, which are the runtime's. The newer: tests/visits/parts."""
    files = dict(zip(["whole", "first", "rest"], parts_of(OLDER)))
    script = f"const outcomes = ({OUTCOMES})(file('whole'), file('first'), file('rest'));\n"
    under_node(files, script + f"assert.deepEqual(outcomes, {json.dumps(EXPECTED)});\n")
