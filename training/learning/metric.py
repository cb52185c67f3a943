"""A metric learned from labelled vectors: distances in the embedding tell digits apart, and from what is none.

An embedding and a few prototypes per class are fitted together so that a vector lies near a prototype of its own class
and far from the others': neighbourhood components analysis (Goldberger et al. 2005) with prototypes in the place of
the neighbours. The gradient is short, so numpy does it.
"""

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from tqdm import trange

from number_reader.classification.embedding import CELLS, Embedding, patches

DIMENSIONS = 64
KERNELS = 32
PROTOTYPES = 80  # per digit
OTHER_PROTOTYPES = 150  # per class of what is no digit: it has more shapes
NO_DIGIT = 10  # labels from here on are no digits
STEPS = 12_000
BATCH = 256
RATE, MIXING_RATE, TEMPERATURE_RATE = 2e-3, 5e-4, 1e-2
TEMPERATURE = 40.0
PULL = 0.02  # weight of the squared distance to the nearest prototype of the own class
FORGIVEN = 0.01  # added to a vector's probability: a wrong label costs at most -log of it, and pulls at nothing
KERNEL_INPUT = 24.0  # features of unit length, times this, are about 1 each


class Adam:
    """Adam (Kingma and Ba 2015) for one array, updated in place."""

    def __init__(self, value, rate):
        self.value, self.rate, self.step = value, rate, 0
        self.mean, self.square = np.zeros_like(value), np.zeros_like(value)

    def update(self, gradient, decay):
        self.step += 1
        self.mean += 0.1 * (gradient - self.mean)
        self.square += 0.001 * (gradient * gradient - self.square)
        mean = self.mean / (1 - 0.9**self.step)
        square = self.square / (1 - 0.999**self.step)
        self.value -= (self.rate * decay) * mean / (np.sqrt(square) + 1e-8)


def loss_and_gradient(z, same, prototypes, temperature):
    """Mean loss of embedded vectors z (b, d) against prototypes (p, d), and its gradients.

    same: bool (b, p), which prototypes are of the vector's class. The loss of a vector is
    -log(sum_same exp(-T D^2) / sum_all exp(-T D^2) + FORGIVEN) + PULL min_same D^2.
    Returns loss, d/dz (b, d), d/dprototypes (p, d), d/dlog T.
    """
    squared = np.maximum((z * z).sum(1)[:, None] + (prototypes * prototypes).sum(1) - 2 * z @ prototypes.T, 0)
    likely = squared * -temperature
    likely -= likely.max(axis=1, keepdims=True)
    np.exp(likely, out=likely)
    own = np.where(same, likely, 0)
    all_sum, own_sum = likely.sum(axis=1, keepdims=True), own.sum(axis=1, keepdims=True)
    share = own_sum / all_sum
    pull = own / np.maximum(own_sum, 1e-30) - likely / all_sum  # (b, p): d loss / d D^2, over T
    pull *= share / (share + FORGIVEN)
    nearest = np.argmin(np.where(same, squared, np.inf), axis=1)
    rows = np.arange(len(z))
    loss = -np.log(share + FORGIVEN).mean() + PULL * squared[rows, nearest].mean()
    by_log_t = temperature * (pull * squared).sum() / len(z)
    gradient = temperature * pull
    gradient[rows, nearest] += PULL
    gradient *= 2 / len(z)
    dz = z * gradient.sum(1)[:, None] - gradient @ prototypes
    dprototypes = prototypes * gradient.sum(0)[:, None] - gradient.T @ z
    return loss, dz, dprototypes, by_log_t


def start(sample, rng):
    """An embedding to begin with: the principal axes of vectors, float32 (n, f), and kernels that look anywhere."""
    mean = sample.mean(0)
    _, axes = np.linalg.eigh((sample - mean).T @ (sample - mean))
    around = patches(mean[None])
    kernels = rng.normal(0, KERNEL_INPUT * np.sqrt(2 / around.shape[1]), (around.shape[1], KERNELS)).astype(np.float32)
    return Embedding(
        linear=np.ascontiguousarray(axes[:, ::-1][:, :DIMENSIONS], np.float32),
        kernels=kernels,
        bias=-(around @ kernels).mean(0),
        mixing=rng.normal(0, 0.005, (CELLS * KERNELS, DIMENSIONS)).astype(np.float32),
    )


def embedding_gradients(embedding, x, around, said, dz):
    """How the loss changes with linear, kernels, bias and mixing; shapes as in `Embedding`.

    x: (b, f) features, around: their patches, said: the kernels' answers to those, dz: (b, d), how the loss changes
    with the embedded vectors.
    """
    dsaid = dz @ embedding.mixing.T
    dsaid *= said > 0
    dsaid = dsaid.reshape(-1, embedding.kernels.shape[1])
    return x.T @ dz, around.T @ dsaid, dsaid.sum(0), said.T @ dz


def learn(vectors, labels, weights, seed, steps=STEPS, progress=True):
    """Learn an embedding.

    vectors: float (n, f). labels: (n,) ints. weights: (n,) >= 0, how often each is drawn into a batch. Returns an
    Embedding of DIMENSIONS. Fixed by `seed`.
    """
    rng = np.random.default_rng(seed)
    drawn = np.cumsum(weights / weights.sum())

    def draw(count):
        return np.searchsorted(drawn, rng.random(count)).clip(max=len(vectors) - 1)

    first = draw(min(20_000, 5 * len(vectors)))
    sample, sample_labels = vectors[first].astype(np.float32), labels[first]
    embedding = start(sample[sample_labels < NO_DIGIT], rng)

    prototypes, owners = [], []
    for label in np.unique(labels):
        wanted = PROTOTYPES if label < NO_DIGIT else OTHER_PROTOTYPES
        own = sample[sample_labels == label]
        if len(own) < wanted:  # a rare class is hardly in the sample
            own = vectors[np.flatnonzero(labels == label)[: 5 * wanted]].astype(np.float32)
        count = min(wanted, len(own))
        prototypes.append(MiniBatchKMeans(count, n_init=1, random_state=seed).fit(embedding(own)).cluster_centers_)
        owners += [label] * count
    prototypes, owners = np.concatenate(prototypes).astype(np.float32), np.array(owners)

    log_t = np.array([np.log(TEMPERATURE)], np.float32)
    kernel_rate = RATE * KERNEL_INPUT  # Adam's steps know no scale, so they are given the kernels' own
    parts = [
        Adam(embedding.linear, RATE),
        Adam(embedding.kernels, kernel_rate),
        Adam(embedding.bias, RATE),
        Adam(embedding.mixing, MIXING_RATE),
        Adam(prototypes, RATE),
        Adam(log_t, TEMPERATURE_RATE),
    ]
    average = None
    bar = trange(steps, desc="metric", unit="step", disable=not progress, mininterval=1)
    for step in bar:
        batch = draw(BATCH)
        x = vectors[batch].astype(np.float32)
        same = labels[batch][:, None] == owners
        around = patches(x)
        said = embedding.answers(around)
        z = x @ embedding.linear + said @ embedding.mixing
        loss, dz, dp, dt = loss_and_gradient(z, same, prototypes, np.exp(log_t[0]))
        decay = 0.5 * (1 + np.cos(np.pi * step / steps))
        gradients = *embedding_gradients(embedding, x, around, said, dz), dp, np.array([dt], np.float32)
        for part, gradient in zip(parts, gradients):
            part.update(gradient, decay)
        average = loss if average is None else average + 0.01 * (loss - average)
        if step % 200 == 0:
            bar.set_postfix(loss=f"{average:.4f}", T=f"{np.exp(log_t[0]):.1f}")
    return embedding
