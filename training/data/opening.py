"""Opens a data set of any kind by its path."""

from pathlib import Path

from training.data.datasets import EmbeddedSet, MnistSet, StrokeSet
from training.data.errors import DataError
from training.data.folders import balance
from training.data.photos import PhotoSet
from training.data.picture_sets import open_folder, open_zip


def open_dataset(path):
    """Open a data set by its PATH: a zip of <digit>/<n>.png, an mnist.npz, strokes (*.jsonl.gz), a list of
    pictures (*.json), or a folder with pictures in <digit>/. None is scikit-learn's bundled digits. DataError on
    anything else. Its notes say of which labels it has few."""
    dataset = EmbeddedSet() if path is None else _opened(Path(path))
    dataset.notes += balance.notes(dataset.labels)
    return dataset


def _opened(path):
    try:
        if not path.exists():
            raise DataError(f"{path} does not exist.")
    except OSError as error:  # a name that is too long, say
        raise DataError(f"{path} can't be read: {error.strerror}") from None
    if path.is_dir():
        return open_folder(path)
    if path.name.endswith(".jsonl.gz"):
        return StrokeSet(path)
    if path.suffix.lower() == ".npz":
        return MnistSet(path)
    if path.suffix.lower() == ".zip":
        return open_zip(path)
    if path.suffix.lower() == ".json":
        return PhotoSet(path)
    raise DataError(f"{path}: not a zip of pictures, an mnist.npz, strokes (*.jsonl.gz), a list (*.json) or a folder.")
