"""A build that fails changes nothing, and no folder but a page is replaced."""

import pytest

from building.common import BuildError
from building.sources.cache import Cache


def break_runtime(miniature, monkeypatch):
    miniature.write(miniature.runtime, {"pyscript/core.js": b"tampered"})
    miniature.cache = Cache(miniature.root / "another cache")


def break_model(miniature, monkeypatch):
    (miniature.site / "model" / "digits.npz").unlink()


def break_index(miniature, monkeypatch):
    (miniature.site / "index.html").unlink()


def break_lock(miniature, monkeypatch):
    miniature.lock.write_text("{")


def break_disk(miniature, monkeypatch):
    write = type(miniature.output).write_bytes

    def full(path, content):
        if path.name == "worker.py" and ".build-" in str(path):
            raise OSError(28, "No space left on device", str(path))
        return write(path, content)

    monkeypatch.setattr(type(miniature.output), "write_bytes", full)


def break_last_rename(miniature, monkeypatch):
    rename = type(miniature.output).rename

    def refuse(path, target):
        if path.name == "new":
            raise PermissionError(13, "Permission denied", str(path))
        return rename(path, target)

    monkeypatch.setattr(type(miniature.output), "rename", refuse)


@pytest.mark.parametrize(
    "break_it",
    [break_runtime, break_model, break_index, break_lock, break_disk, break_last_rename],
)
def test_a_failing_build_leaves_the_last_page_as_it_was(miniature, monkeypatch, break_it, tree):
    miniature.build()
    before, around = tree(miniature.output), sorted(miniature.root.iterdir())
    (miniature.site / "worker.py").write_bytes(b"newer")
    break_it(miniature, monkeypatch)
    with pytest.raises((BuildError, OSError)):
        miniature.build()
    assert tree(miniature.output) == before
    assert [path for path in miniature.root.iterdir() if path.name.startswith(".")] == []
    assert set(around) <= set(miniature.root.iterdir())


def test_a_first_build_that_fails_at_last_leaves_nothing(miniature, monkeypatch):
    break_last_rename(miniature, monkeypatch)
    before = sorted(miniature.root.iterdir())
    with pytest.raises(PermissionError):
        miniature.build()
    assert {path.name for path in miniature.root.iterdir()} <= {path.name for path in before} | {"cache"}


def test_a_missing_model_names_the_command_that_makes_it(miniature):
    (miniature.site / "model" / "digits.npz").unlink()
    with pytest.raises(BuildError, match="python -m training fit"):
        miniature.build()


def test_a_folder_that_is_no_page_is_never_replaced(miniature, tree):
    miniature.write(miniature.output, {"thesis.txt": b"years of work"})
    with pytest.raises(BuildError, match="left as it is"):
        miniature.build()
    assert tree(miniature.output) == {"thesis.txt": b"years of work"}


def test_an_empty_folder_is_filled(miniature, tree):
    miniature.output.mkdir()
    miniature.build()
    assert "index.html" in tree(miniature.output)
