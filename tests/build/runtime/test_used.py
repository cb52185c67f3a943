"""runtime-used.json: only the files that it names are shipped, and a malformed one says so."""

import gzip
import json

import pytest

from building.common import BuildError
from building.runtime.packing import unpacked_files
from building.runtime.zips import unzipped


def test_only_what_is_used_is_shipped(miniature):
    used = miniature.root / "used.json"
    used.write_text(json.dumps({"library": ["io.py"], "numpy": ["numpy/__init__.py"]}))
    miniature.build(used=used)
    page = miniature.plain()
    assert unpacked_files(page["runtime/pyodide/numpy.packed"]).keys() == {"numpy/__init__.py"}
    assert unzipped(gzip.decompress(page["runtime/pyodide/python_stdlib.zip.packed"])).keys() == {"io.py"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not JSON"),
        ('{"library": []}', '"library" and "numpy"'),
        ('{"library": [1], "numpy": []}', '"library" and "numpy"'),
        ('{"library": ["io.py"], "numpy": ["numpy/gone.py"]}', "numpy/gone.py"),
    ],
)
def test_a_list_of_what_is_used_that_cannot_be_used_says_so(miniature, content, message):
    used = miniature.root / "used.json"
    used.write_text(content)
    with pytest.raises(BuildError, match=message):
        miniature.build(used=used)
