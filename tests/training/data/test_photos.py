"""A list of pictures that people took: what it holds, its halves, and what is refused."""

import json

import numpy as np
import pytest
from PIL import Image

from training.__main__ import main
from training.data import splits
from training.data.errors import DataError
from training.data.opening import open_dataset
from training.data.photos import DEVELOPMENT, OTHER, PAPER


def list_of(root, *entries):
    path = root / "list.json"
    path.write_text(entries[0] if isinstance(entries[0], str) else json.dumps(entries))
    return path


def test_the_shared_pictures_are_split_by_whose_they_are(shared_data):
    photos = open_dataset(shared_data / "real" / "photos.json")
    assert len(photos) == 82
    assert set(photos.split) == {splits.TEST, DEVELOPMENT}
    for source in set(photos.groups):
        assert len(set(photos.split[photos.groups == source])) == 1
    for half in (splits.TEST, DEVELOPMENT):
        assert set(photos.sorts[photos.split == half]) == {PAPER, OTHER}
    index = int(np.flatnonzero((photos.texts == "2026") & (photos.split == DEVELOPMENT))[0])
    assert photos.picture(index).shape[:2] == (222, 536)
    assert photos.labels[index] == 255


def test_rows_are_lines_of_text_and_pictures_are_turned_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    (tmp_path / "below").mkdir()
    Image.new("RGB", (30, 10)).save(tmp_path / "below" / "a.jpg", exif=exif)
    photos = open_dataset(list_of(tmp_path, {"file": "below/a.jpg", "lines": ["12", "3"]}))
    assert photos.texts.tolist() == ["12\n3"]
    assert photos.labels.tolist() == [255]
    assert photos.picture(0).shape == (30, 10, 3)
    assert photos.split[0] in (splits.TEST, DEVELOPMENT)
    assert photos.sorts.tolist() == [OTHER]


def test_a_source_that_nobody_knows_falls_on_one_side(tmp_path):
    entries = [{"file": f"{i}.png", "lines": ["1"], "source": f"person {i % 30}"} for i in range(90)]
    photos = open_dataset(list_of(tmp_path, *entries))
    assert set(photos.split) == {splits.TEST, DEVELOPMENT}
    for source in set(photos.groups):
        assert len(set(photos.split[photos.groups == source])) == 1


FAULTS = {
    "no JSON": "{nonsense",
    "no list": '{"file": "a.png"}',
    "an empty list": "[]",
    "an entry that is no object": "[1]",
    "no file": '[{"lines": ["1"]}]',
    "a file outside": '[{"file": "../a.png", "lines": ["1"]}]',
    "an absolute file": '[{"file": "/etc/passwd", "lines": ["1"]}]',
    "a file outside on Windows": r'[{"file": "..\\a.png", "lines": ["1"]}]',
    "no lines": '[{"file": "a.png"}]',
    "lines that are no digits": '[{"file": "a.png", "lines": ["x"]}]',
    "a source that is a number": '[{"file": "a.png", "lines": ["1"], "source": 3}]',
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_list_is_refused_with_the_reason(tmp_path, name):
    path = list_of(tmp_path, FAULTS[name])
    with pytest.raises(DataError, match="list.json"):
        open_dataset(path)


def test_nothing_is_learned_from_photos(tmp_path, capfd):
    path = list_of(tmp_path, {"file": "a.png", "lines": ["1"]})
    assert main(["fit", "--data", str(path), "--output", str(tmp_path / "m.npz")]) == 1
    assert "measuring" in capfd.readouterr().err
    assert not (tmp_path / "m.npz").exists()
