"""Photographs of real handwriting on made paper: how many digits and numbers are read exactly right.

    python benchmarks/pictures.py --data STROKES.jsonl.gz ... [--model FILE.npz] [--split NAME] [--count N]

Each file of pen strokes is written with a pen of `training.paper` and photographed as each scene says: the sheet a
little turned and tilted, the writing anywhere on it, grain, blur and JPEG. The first row is the same writing drawn on
a screen: what is missing there is not the paper's fault. The shipped model learnt from the writers of the train and
validation splits, so that only the test split says how strangers fare. With --save DIR the pictures that were
misread are kept there, to be looked at.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import root  # noqa: F401, first: it says where the modules below are
from PIL import Image
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from number_reader import Recognizer
from training.__main__ import SHIPPED
from training.data.opening import open_dataset
from training.data.strokes import draw
from training.synthesis.paper import photograph

HEIGHTS = (9.0, 14.0)  # mm of the writing
WIDEST = 55.0  # mm
TURN, TILT = 4.0, 0.08  # at most: degrees, part of the distance
SMALL = {"size": (3000, 4000), "view": 290.0, "blur": 2.0}  # 12 megapixels of a whole sheet
SCENES = {
    "pencil, plain": {"pen": "pencil"},
    "ball pen, gradient": {"light": "gradient"},
    "pencil, vignette": {"pen": "pencil", "light": "vignette"},
    "ball pen, shadow's edge": {"light": "shadow edge"},
    "pencil, shadow's edge": {"pen": "pencil", "light": "shadow edge"},
    "ball pen, hand's shadow": {"light": "hand shadow"},
    "marker, hand's shadow": {"pen": "marker", "light": "hand shadow"},
    "ball pen, ruled in light blue": {"paper": "ruled in light blue"},
    "pencil, ruled in light blue": {"paper": "ruled in light blue", "pen": "pencil"},
    "pencil, ruled as dark": {"paper": "ruled as dark as pencil", "pen": "pencil"},
    "ball pen, squared in grey": {"paper": "squared in grey"},
    "pencil, squared in light blue": {"paper": "squared in light blue", "pen": "pencil"},
    "pencil, squared as dark": {"paper": "squared as dark as pencil", "pen": "pencil"},
    "marker, squared in grey": {"paper": "squared in grey", "pen": "marker"},
    "ball pen, squared, shadow's edge": {"paper": "squared in grey", "light": "shadow edge"},
    "marker, dark table": {"pen": "marker", "table": "dark table"},
    "pencil, dark table": {"pen": "pencil", "table": "dark table"},
    "ball pen, ruled, light table": {"paper": "ruled in light blue", "table": "light table"},
    "chalk, vignette": {"pen": "chalk", "light": "vignette"},
    "ball pen, coarse JPEG": {"quality": 25, "size": (480, 640)},
    "ball pen, grain": {"grain": 0.08},
    "ball pen, 12 megapixels": SMALL,
    "pencil, ruled, 12 megapixels": SMALL | {"pen": "pencil", "paper": "ruled in light blue"},
}


def on_screen(strokes, brush=0.08):
    """Strokes in units of their height, drawn black on white, 200 px high."""
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    width, height = np.ceil(size * 200 + 60).astype(int)
    coverage = draw([(stroke - low) * 200 + np.float32(30) for stroke in strokes], 200 * brush, (height, width))
    return np.rint(255 * (1 - coverage)).astype(np.uint8)


def scene_of(strokes, options, rng):
    """A photograph of strokes, in units of their height, as a scene says, all else by chance."""
    aspect = np.ptp(np.concatenate(strokes)[:, 0])
    height = min(rng.uniform(*HEIGHTS), WIDEST / max(aspect, 1e-3))
    table = "table" in options
    view = options.get("view", 100.0)
    reach = np.array([0.36, 0.25] if table else [0.46, 0.33]) * view
    free = reach - np.array([height * aspect, height]) / 2
    chance = {
        "at": rng.uniform(-1, 1, 2) * np.maximum(free - 2, 0),
        "turn": rng.uniform(-TURN, TURN),
        "tilt": rng.uniform(-TILT, TILT),
    }
    return photograph(strokes, rng, height=height, **chance | options)


def measure(recognizer, items, make, name, save):
    """Read every item; returns how many came out exactly right, and the seconds that reading took."""
    right = spent = 0
    for k, (strokes, text) in enumerate(tqdm(items, name, leave=False)):
        image = make(strokes, np.random.default_rng(k))
        started = time.perf_counter()
        found = recognizer.read(image).text.replace(" ", "")
        spent += time.perf_counter() - started
        right += found == text
        if save and found != text:
            label = f"{name}-{k}-{text}-{found}".replace("\n", "_").replace("?", "x").replace(" ", "_")
            Image.fromarray(image).save(Path(save) / f"{label[:100]}.jpg", quality=95)
    return right, spent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", nargs="+", required=True, metavar="STROKES.jsonl.gz")
    parser.add_argument("--model", default=SHIPPED, metavar="FILE.npz")
    parser.add_argument("--split", default="validation", help="the shipped model learnt from train and validation")
    parser.add_argument("--count", type=int, default=30, help="items per file and scene (default 30)")
    parser.add_argument("--scene", default="", help="only scenes whose name holds this")
    parser.add_argument("--save", metavar="DIR", help="where to keep what was misread")
    options = parser.parse_args()
    recognizer = Recognizer.load(options.model)
    files = []
    for path in options.data:
        dataset = open_dataset(path)
        usable = np.flatnonzero((dataset.split == options.split) & (dataset.texts != ""))
        chosen = np.random.default_rng(0).permutation(usable)[: options.count]
        heights = [max(np.ptp(np.concatenate(dataset.strokes[i])[:, 1]), 0.05) for i in chosen]
        files.append([([s / h for s in dataset.strokes[i]], dataset.texts[i]) for i, h in zip(chosen, heights)])
        print(f"{dataset.name}: {len(chosen)} items of the {options.split} split")
    scenes = {"drawn on a screen": lambda strokes, rng: on_screen(strokes)}
    for name, scene in SCENES.items():
        scenes[name] = lambda strokes, rng, scene=scene: scene_of(strokes, scene, rng)
    names = "".join(f"{Path(path).name[:22]:>24}" for path in options.data)
    print(f"\n{'exactly right':36}{names}{'ms each':>10}")
    total = np.zeros(len(files), int)
    with threadpool_limits(1):
        for name, make in scenes.items():
            if options.scene in name:
                results = [measure(recognizer, items, make, name, options.save) for items in files]
                total += [right for right, _ in results] if name in SCENES else 0
                cells = "".join(f"{f'{right} of {len(items)}':>24}" for (right, _), items in zip(results, files))
                each = 1000 * sum(spent for _, spent in results) / sum(map(len, files))
                print(f"{name:36}{cells}{each:10.0f}", flush=True)
    read = sum(options.scene in name for name in SCENES)
    cells = "".join(f"{f'{right} of {read * len(items)}':>24}" for right, items in zip(total, files))
    print(f"{'all photographs':36}{cells}")


if __name__ == "__main__":
    main()
