"""A module that tells what of it ran does what it did."""

from building.split.instrument import instrumented


def test_it_tells_which_functions_ran(small, under_node):
    under_node(
        {"small": small, "told": instrumented(small)},
        """
const env = { twice: (x) => 2 * x };
const [small, told] = ["small", "told"].map(
  (name) => new WebAssembly.Instance(new WebAssembly.Module(file(name)), { env }).exports,
);
const table = Object.keys(told).find((name) => name.startsWith("split:ran "));
const ran = () => [0, 1, 2, 3].filter((number) => told[table].get(number) === null);
assert.deepEqual(ran(), []);
assert.equal(told.hot(1), small.hot(1));
assert.deepEqual(ran(), [0]);
assert.equal(told.entry(1), small.entry(1));
assert.deepEqual(ran(), [0, 1, 2, 3]);
""",
    )


def test_every_module_of_the_runtime_is_valid_with_it(published, under_node):
    files = {str(number): instrumented(data) for number, data in enumerate(published.values())}
    under_node(files, "".join(f"assert.ok(WebAssembly.validate(file({name!r})));\n" for name in files))
