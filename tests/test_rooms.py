"""The rooms of the code, drawn from its imports: which folder may import which, no circle, nothing too large.

docs/architecture.md says why the rooms are as they are.
"""

import ast
import graphlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"number_reader": ROOT / "site", "app": ROOT / "site", "training": ROOT, "building": ROOT}
MOST_LINES, MOST_FILES = 300, 12

# Each room may import itself, what is named here, and files that lie beside the rooms in SHARED.
ARROWS = {
    "number_reader.ink": set(),
    "number_reader.classification": {"number_reader.pen"},
    "number_reader.segmentation": {"number_reader.ink"},
    "number_reader.lattice": {"number_reader.ink", "number_reader.segmentation", "number_reader.classification"},
    "number_reader.storage": {"number_reader.classification"},
    "number_reader.pen": set(),  # nor numpy: MicroPython runs it, too
    "number_reader.sheet": {"number_reader.ink"},
    "number_reader.page": {
        "number_reader.ink",
        "number_reader.sheet",
        "number_reader.segmentation",
        "number_reader.classification",
        "number_reader.lattice",
    },
    "app.files": set(),
    "app.drawing": set(),
    "app.reading": {"app.files"},
    "app.marks": {"app.reading"},
    "app.pictures": {"app.reading"},
    "app.teaching": {"app.reading", "app.files"},
    "app.guess": set(),
    "app.keeping": {"app.drawing"},
    "app.sheet": {"app.drawing", "app.files"},
    "training.data": {"number_reader"},
    "training.synthesis": {"training.data", "number_reader"},
    "training.learning": {"training.data", "training.synthesis", "number_reader"},
    "training.adding": {"training.data", "training.learning", "number_reader"},
    "training.measuring": {
        "training.data",
        "training.synthesis",
        "training.learning",
        "training.adding",
        "number_reader",
    },
    "training.report": {
        "training.data",
        "training.synthesis",
        "training.learning",
        "training.measuring",
        "number_reader",
    },
    "building.sources": set(),
    "building.runtime": {"building.sources"},
    "building.compiling": {"building.runtime"},
    "building.split": set(),
    "building.page": {"building.sources", "building.runtime", "building.compiling", "building.split"},
    "building.single": {"building.sources", "building.runtime", "building.page"},
}
SHARED = {
    "number_reader.labels", "app.dom", "app.clock",
    "app.calm", "app.database", "app.later", "app.symbols", "building.common",
}  # fmt: skip
# Single modules of a room that another may not import otherwise: segmentation asks how far a digit's ink extends.
# The cells of a page hold numbers and symbols, whose types alone they need.
EXCEPTIONS = {
    ("number_reader.lattice.lattice", "number_reader.classification.normalize"),
    ("number_reader.page.cells", "number_reader.numbers"),
    ("number_reader.page.cells", "number_reader.reading"),
}


def modules():
    """{module: its path}."""
    found = {}
    for package, folder in PACKAGES.items():
        for path in sorted((folder / package).rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imported(module):
    """The modules of the project that a module imports, anywhere in it."""
    is_package = MODULES[module].name == "__init__.py"
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parts = module.split(".")[: (1 if is_package else 0) - node.level or None] if node.level else []
            base = ".".join([*parts, *filter(None, [node.module])])
            names = [f"{base}.{alias.name}" if f"{base}.{alias.name}" in MODULES else base for alias in node.names]
        else:
            continue
        yield from (name for name in names if name in MODULES and name != module)


def room(module):
    """ "number_reader.ink" of "number_reader.ink.image", the module itself beside the rooms."""
    parts = module.split(".")
    is_room = len(parts) > 1 and ".".join(parts[:2]) in MODULES and MODULES[".".join(parts[:2])].name == "__init__.py"
    return ".".join(parts[:2]) if is_room else module


def test_every_room_is_known():
    rooms = {room(module) for module in MODULES}
    assert {each for each in rooms if MODULES[each].name == "__init__.py" and "." in each} == ARROWS.keys()


@pytest.mark.parametrize("module", [module for module in MODULES if room(module) in ARROWS])
def test_no_arrow_points_upwards(module):
    here = room(module)
    for name in imported(module):
        there = room(name)
        allowed = there in {here, *ARROWS[here], *SHARED} or there.split(".")[0] in ARROWS[here]
        assert allowed or (module, name) in EXCEPTIONS, f"{module} imports {name}"


def test_no_import_goes_in_a_circle():
    # A package is run before what lies in it, but the rooms' own files import nothing, and the facades are asked for by name.
    graph = {module: set(imported(module)) for module in MODULES}
    graphlib.TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("name", sorted(ARROWS.keys() - {"training.report"}))
def test_a_room_says_what_it_is_for_and_imports_nothing(name):
    tree = ast.parse(MODULES[name].read_text("utf-8"))
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1


@pytest.mark.parametrize("folder", ["site", "building", "training"])
def test_files_and_folders_stay_small(folder):
    files = [path for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts]
    long = {str(path): n for path in files if (n := len(path.read_text("utf-8").splitlines())) > MOST_LINES}
    full = {
        str(where): n for where in {path.parent for path in files} if (n := len(list(where.glob("*.py")))) > MOST_FILES
    }
    assert (long, full) == ({}, {})
