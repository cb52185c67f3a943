"""What noise removal is worth: error with it and without it, on clean and on noisy pictures.

    python benchmarks/noise.py --data PATH ... [--model FILE.npz] [--split NAME] [--count N]

Noise is scikit-image's `random_noise`, salt-and-pepper over the given share of pixels and speckle of the given
variance, on the drawing as dark ink on light paper and as light ink on a dark ground.
"""

import argparse

import numpy as np
import root  # noqa: F401, first: it says where the modules below are
from skimage.util import random_noise
from tqdm import tqdm

from number_reader import Recognizer
from number_reader.ink.image import grey
from training.__main__ import SHIPPED
from training.data.opening import open_dataset
from training.learning.prepare import glyph_of

NOISES = {
    "none": None,
    "salt and pepper, 2 %": {"mode": "s&p", "amount": 0.02},
    "salt and pepper, 5 %": {"mode": "s&p", "amount": 0.05},
    "salt and pepper, 10 %": {"mode": "s&p", "amount": 0.10},
    "speckle, variance 0.05": {"mode": "speckle", "var": 0.05},
    "speckle, variance 0.20": {"mode": "speckle", "var": 0.20},
}


def noisy(picture, noise, inverted, seed):
    """The picture in grey, uint8, with noise; dark on light, or `inverted`."""
    values = grey(picture)
    if (np.median(values) < 0.5) != inverted:
        values = 1 - values
    if noise:
        values = random_noise(values, rng=seed, **noise)
    return np.rint(values * 255).astype(np.uint8)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", nargs="+", required=True, metavar="PATH")
    parser.add_argument("--model", default=SHIPPED, metavar="FILE.npz")
    parser.add_argument("--split", default="test")
    parser.add_argument("--count", type=int, default=1000, help="digits per data set (default 1000)")
    options = parser.parse_args()
    recognizer = Recognizer.load(options.model)
    for path in options.data:
        dataset = open_dataset(path)
        usable = np.flatnonzero((dataset.split == options.split) & (dataset.labels < 10))
        chosen = np.random.default_rng(0).permutation(usable)[: options.count]
        print(f"\n{dataset.name}: {len(chosen)} digits of the {options.split} split, error in %")
        print(f"{'noise':26}{'ground':8}{'without':>9}{'with':>9}")
        for name, noise in NOISES.items():
            for inverted in (False, True):
                wrong = np.zeros(2, int)
                for i in tqdm(chosen, name, leave=False):
                    picture = noisy(dataset.picture(i, min(1, len(dataset.variants) - 1)), noise, inverted, int(i))
                    for denoise in (0, 1):
                        guess = recognizer.recognize(glyph_of(picture, bool(denoise)))
                        wrong[denoise] += guess.candidates[0][0] != dataset.labels[i]
                without, with_ = 100 * wrong / len(chosen)
                print(f"{name:26}{'dark' if inverted else 'light':8}{without:9.2f}{with_:9.2f}", flush=True)


if __name__ == "__main__":
    main()
