"""checking.py: all broken pictures of a set are named at once, and nothing else is complained about."""

import io
import shutil
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from training.data import splits
from training.data.errors import LONGEST, DataError
from training.data.folders import checking
from training.data.opening import open_dataset


def png(seed):
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, (12, 12)).astype(np.uint8)).save(out, "PNG")
    return out.getvalue()


WHOLE = {f"{digit}/{n}.png": png(10 * digit + n) for digit in range(10) for n in range(6)}
BROKEN = {
    "1/cut.png": (png(1)[:-30], "truncated"),
    "2/empty.jpg": (b"", "it is empty"),
    "3/document.jpg": (b"%PDF-1.7\n%...", "it is PDF. Save it as PNG or JPEG"),
    "4/phone.jpg": (b"\0\0\0\x18ftypheic" + bytes(40), "it is HEIC. Save it as PNG or JPEG"),
    "5/new.png": (b"\0\0\0\x1cftypavif" + bytes(40), "it is AVIF"),
    "6/words.png": (b"hello", "it is none of PNG, JPEG"),
}


def as_folder(root, files):
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def as_zip(root, files):
    with zipfile.ZipFile(root / "set.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return root / "set.zip"


@pytest.mark.parametrize("kind", [as_folder, as_zip])
def test_every_broken_picture_is_named_with_what_is_wrong(tmp_path, kind):
    dataset = open_dataset(kind(tmp_path, WHOLE | {name: content for name, (content, _) in BROKEN.items()}))
    with pytest.raises(DataError) as error:
        dataset.check()
    said = str(error.value)
    assert "6 pictures can't be read: " in said
    for name, (_, reason) in BROKEN.items():
        assert f"{name} ({reason}" in said or (f"{name} (" in said and reason in said)
    assert "0x" not in said, "no address in memory"
    for name in WHOLE:
        assert name not in said


@pytest.mark.parametrize("kind", [as_folder, as_zip])
def test_a_whole_set_is_not_complained_about(tmp_path, kind):
    dataset = open_dataset(kind(tmp_path, WHOLE))
    dataset.check()
    dataset.check(splits.TEST)


def test_of_one_side_only_its_own_pictures_are_looked_at(tmp_path):
    dataset = open_dataset(as_folder(tmp_path, WHOLE | {"1/a.png": b"broken"}))
    side = dataset.split[dataset.names.index("1/a.png")]
    for each in (splits.TRAIN, splits.VALIDATION, splits.TEST):
        if each == side:
            with pytest.raises(DataError, match="1 picture can't be read: 1/a.png"):
                dataset.check(each)
        else:
            dataset.check(each)


def test_damage_that_shows_while_a_zip_is_opened_is_named_with_the_rest(tmp_path):
    path = as_zip(tmp_path, WHOLE | {"2/empty.png": b""})
    content = bytearray(path.read_bytes())
    for at in (content.index(b"IHDR"), content.index(b"IHDR", len(content) // 2)):
        content[at + 9] ^= 77  # neither checksum fits any more
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"3 pictures can't be read: 0/0.png \(it is damaged: Bad CRC.*2/empty.png"):
        open_dataset(path)


def test_lists_of_pictures_are_checked_too(tmp_path):
    (tmp_path / "list.json").write_text('[{"file": "a.png", "lines": ["1"]}, {"file": "b.png", "lines": ["2"]}]')
    (tmp_path / "b.png").write_bytes(b"broken")
    with pytest.raises(DataError, match=r"2 pictures can't be read: a.png \(No such file.*b.png \(it is none"):
        open_dataset(tmp_path / "list.json").check()


def test_an_altered_copy_of_the_kaggle_set_is_checked_and_the_original_is_known(kaggle_zip, monkeypatch):
    original = open_dataset(kaggle_zip)
    monkeypatch.setattr(checking, "check", lambda path, names, file: pytest.fail("decoded"))
    original.check()
    checked = []
    monkeypatch.setattr(checking, "check", lambda path, names, file: checked.extend(names))
    original.limit_per_group = None  # as of a copy that is not the original
    original.check(splits.TEST)
    assert len(checked) == (original.split == splits.TEST).sum()


@pytest.mark.parametrize("alone", [0, 1000], ids=["by processes", "alone"])
def test_a_set_of_many_chunks_is_checked_whole(tmp_path, monkeypatch, alone):
    monkeypatch.setattr(checking, "CHUNK", 7)
    monkeypatch.setattr(checking, "ALONE", alone)
    dataset = open_dataset(as_folder(tmp_path, WHOLE | {name: content for name, (content, _) in BROKEN.items()}))
    with pytest.raises(DataError, match="6 pictures can't be read: 1/cut.png.* 6/words.png"):
        dataset.check()


@given(
    path=st.text(max_size=100),
    broken=st.lists(st.tuples(st.text(max_size=300), st.text(max_size=100)), min_size=1, max_size=300),
)
def test_the_list_is_bounded_and_says_how_many_more_there_are(path, broken):
    said = checking.sentence(path, broken)
    assert len(said) < LONGEST + 100
    assert f"{len(broken):,} picture" in said
    if said.endswith(" more."):
        named = len(broken) - int(said.split(" and ")[-1].split()[0].replace(",", ""))
        assert 0 < named < len(broken)


def test_a_folder_of_many_broken_pictures_names_some_and_counts_the_rest(tmp_path):
    dataset = open_dataset(as_folder(tmp_path, WHOLE | {f"7/{'long name ' * 8}{n:03}.png": b"" for n in range(90)}))
    with pytest.raises(
        DataError, match=r"90 pictures can't be read: 7/long .* \(it is empty\), .* and \d\d more\.$"
    ) as error:
        dataset.check()
    assert len(str(error.value)) <= LONGEST
    shutil.rmtree(tmp_path / "7")
    open_dataset(tmp_path).check()
