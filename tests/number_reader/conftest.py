"""The shipped recognizer, a tiny model of random numbers, and real pictures of four kinds."""

import io

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from number_reader import Recognizer
from number_reader.classification.embedding import AROUND, CELLS, Embedding
from number_reader.classification.features import FEATURES
from number_reader.ink import image
from number_reader.labels import LABELS
from number_reader.storage import model
from tests.conftest import ROOT
from tests.number_reader import hand
from training.data import splits
from training.data.pictures import read_picture
from training.data.strokes import picture, read_strokes

SHIPPED = ROOT / "site" / "model" / "digits.npz"
BRUSHES = (12, 20, 34)


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Linear algebra on one thread: as the commands run, and faster where other tests share the machine."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def recognizer():
    return Recognizer.load(SHIPPED)


@pytest.fixture(scope="session")
def mnist(shared_data):
    """The first 1,000 test pictures and their labels."""
    with np.load(shared_data / "mnist.npz") as file:
        return file["x_test"][:1000], file["y_test"][:1000]


@pytest.fixture(scope="session")
def stroke_digits(shared_data):
    """Records of single digits drawn with a pen."""
    return read_strokes(shared_data / "real" / "strokes-digits.jsonl.gz")


@pytest.fixture(scope="session", params=["drawn here", "pen strokes", "MNIST", "photos"])
def pictures(request):
    """Many real uint8 pictures of one kind."""
    if request.param == "drawn here":
        return [paper(hand.ink(digit)) for digit, paper in zip(range(10), hand.PAPERS * 2)]
    if request.param == "pen strokes":
        records = request.getfixturevalue("stroke_digits")[::250]
        return [picture(r["strokes"], 200, BRUSHES[i % 3]) for i, r in enumerate(records)]
    if request.param == "MNIST":
        return list(request.getfixturevalue("mnist")[0][:80])
    real = request.getfixturevalue("shared_data") / "real"
    known = splits.load()["photos"]  # the test half is for bars.py alone
    return [read_picture(real / file) for file in sorted(f for f in known if known[f] != splits.TEST)[::3]]


@pytest.fixture(scope="session")
def greys(pictures):
    """The same pictures in grey: float32 (h, w), 0..1."""
    return [image.grey(picture) for picture in pictures]


@pytest.fixture(scope="session")
def ink_maps(pictures):
    return [image.ink_map(picture)[0] for picture in pictures]


def small_model(**changes):
    """The bytes of a valid little model of random numbers: 4 dimensions, 3 vectors of each label."""
    rng = np.random.default_rng(7)
    parts = {
        "embedding": Embedding(
            *(rng.normal(size=shape).astype(np.float32) for shape in ((FEATURES, 4), (AROUND, 2), (2,), (2 * CELLS, 4)))
        ),
        "vectors": rng.normal(size=(3 * LABELS, 4)),
        "step": 0.3,
        "labels": np.arange(3 * LABELS) % LABELS,
        "refuse_above": 1.5,
        "calibration": [0.5, 2, -1],
        "about": "random numbers",
    }
    return parts | changes


@pytest.fixture(scope="session")
def small_model_bytes(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "small.npz"
    model.save(path, **small_model())
    return path.read_bytes()


@pytest.fixture
def small_recognizer(small_model_bytes):
    return Recognizer.load(io.BytesIO(small_model_bytes))
