"""Small data sets of every kind, cut from the real ones, and models trained on them in seconds."""

import gzip
import json
import zipfile

import joblib
import numpy as np
import pytest
from PIL import Image
from threadpoolctl import threadpool_limits

from training.__main__ import main
from training.data.datasets import EmbeddedSet

QUICK = {
    "learning.fit.MIN_STEPS": 60,
    "learning.fit.PASSES": 1,
    "learning.fit.COPIES": 1,
    "learning.examples.SEGMENTS": {"train": 20, "validation": 10},
    "synthesis.scribbles.COUNT": 100,
}


def make_quick(patch):
    """Let `fit` take seconds: the metric is learned in few steps, from few made marks. Results are poorer, nothing else
    differs."""
    for name, value in QUICK.items():
        patch.setattr(f"training.{name}", value)


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Linear algebra on one thread, as the commands run, and no processes of joblib's, as other tests share the machine.
    One test uses both: test_the_same_data_and_seed_give_the_same_files_on_any_number_of_processes."""
    with threadpool_limits(1), joblib.parallel_config(backend="sequential"):
        yield


@pytest.fixture
def quick(monkeypatch):
    make_quick(monkeypatch)


@pytest.fixture(scope="session")
def embedded_model(tmp_path_factory):
    """The file that `fit` without --data makes, in a folder of its own."""
    folder = tmp_path_factory.mktemp("embedded")
    with pytest.MonkeyPatch.context() as patch:
        make_quick(patch)
        patch.chdir(folder)
        assert main(["fit"]) == 0
    return folder / "build" / "embedded.npz"


@pytest.fixture(scope="session")
def embedded():
    return EmbeddedSet()


@pytest.fixture(scope="session")
def folder(tmp_path_factory, embedded):
    """300 of scikit-learn's digits as PNG files in folders 0 to 9, three times their size."""
    root = tmp_path_factory.mktemp("folder")
    for index in range(300):
        path = root / str(embedded.labels[index]) / f"picture {index}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(np.kron(embedded.pixels[index], np.ones((3, 3), np.uint8))).save(path)
    return root


@pytest.fixture(scope="session")
def small_mnist(tmp_path_factory, shared_data):
    """The first 400 training and 100 test pictures of MNIST."""
    path = tmp_path_factory.mktemp("mnist") / "mnist.npz"
    with np.load(shared_data / "mnist.npz") as file:
        parts = {key: file[key][: 400 if key.endswith("train") else 100] for key in file.files}
    np.savez_compressed(path, **parts)
    return path


@pytest.fixture(scope="session")
def kaggle_zip(shared_data):
    return shared_data / "handwritten-digits-not-in-mnist.zip"


@pytest.fixture(scope="session")
def small_zip(tmp_path_factory, kaggle_zip):
    """Every 900th picture of each digit of the Kaggle set."""
    path = tmp_path_factory.mktemp("zip") / "digits.zip"
    with zipfile.ZipFile(kaggle_zip) as source, zipfile.ZipFile(path, "w") as target:
        for digit in range(10):
            for number in range(0, 10_773, 900):
                name = f"dataset/{digit}/{number}.png"
                target.writestr(name, source.read(name))
    return path


def write_lines(path, lines):
    """Write a gzip file of JSON lines; a line that is bytes is written as it is."""
    path.write_bytes(
        gzip.compress(b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines))
    )
    return path


@pytest.fixture(scope="session")
def small_strokes(tmp_path_factory, shared_data):
    """Every 60th of the pen-stroke digits, and some marks that are no digit."""
    lines = []
    for name, step in (("digits", 60), ("not-digits", 60)):
        with gzip.open(shared_data / "real" / f"strokes-{name}.jsonl.gz") as file:
            lines += file.read().splitlines()[::step]
    return write_lines(tmp_path_factory.mktemp("strokes") / "some.jsonl.gz", lines)
