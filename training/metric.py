"""A linear metric learned from labelled vectors: distances in the projection tell digits apart.

A projection W and a few prototypes per class are fitted together so that a vector lies near a prototype of
its own class and far from the others': neighbourhood components analysis (Goldberger et al. 2005) with
prototypes in the place of the neighbours. The gradient is short, so numpy does it.
"""

import numpy as np
from scipy.special import logsumexp
from sklearn.cluster import MiniBatchKMeans
from tqdm import trange

DIMENSIONS = 64
PROTOTYPES = 80  # per class
STEPS = 12_000
BATCH = 256
RATE, TEMPERATURE_RATE = 2e-3, 1e-2
TEMPERATURE = 40.0
PULL = 0.02  # weight of the squared distance to the nearest prototype of the own class


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
    """Mean loss of projected vectors z (b, d) against prototypes (p, d), and its gradients.

    same: bool (b, p), which prototypes are of the vector's class. The loss of a vector is
    -log(sum_same exp(-T D^2) / sum_all exp(-T D^2)) + PULL min_same D^2.
    Returns loss, d/dz (b, d), d/dprototypes (p, d), d/dlog T.
    """
    squared = np.maximum(
        (z * z).sum(1)[:, None] + (prototypes * prototypes).sum(1) - 2 * z @ prototypes.T, 0
    )
    energy = -temperature * squared
    own = np.where(same, energy, -np.inf)
    log_all, log_same = logsumexp(energy, axis=1, keepdims=True), logsumexp(own, axis=1, keepdims=True)
    pull = np.exp(own - log_same) - np.exp(energy - log_all)  # (b, p): d loss / d D^2, over T
    nearest = np.argmin(np.where(same, squared, np.inf), axis=1)
    rows = np.arange(len(z))
    loss = (log_all - log_same).mean() + PULL * squared[rows, nearest].mean()
    gradient = temperature * pull
    gradient[rows, nearest] += PULL
    gradient *= 2 / len(z)
    dz = z * gradient.sum(1)[:, None] - gradient @ prototypes
    dprototypes = prototypes * gradient.sum(0)[:, None] - gradient.T @ z
    return loss, dz, dprototypes, temperature * (pull * squared).sum() / len(z)


def learn(vectors, labels, weights, seed, steps=STEPS, progress=True):
    """Learn a projection.

    vectors: float (n, f). labels: (n,) ints. weights: (n,) >= 0, how often each is drawn into a batch.
    Returns W, float32 (f, DIMENSIONS). Fixed by `seed`.
    """
    rng = np.random.default_rng(seed)
    draw = np.cumsum(weights / weights.sum())
    start = np.searchsorted(draw, rng.random(min(20_000, 5 * len(vectors)))).clip(max=len(vectors) - 1)
    sample, sample_labels = vectors[start].astype(np.float32), labels[start]
    centred = sample - sample.mean(0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    projection = np.ascontiguousarray(axes[:, ::-1][:, :DIMENSIONS], np.float32)

    prototypes, owners = [], []
    for label in np.unique(labels):
        own = sample[sample_labels == label]
        if len(own) < PROTOTYPES:  # a rare class is hardly in the sample
            own = vectors[np.flatnonzero(labels == label)[: 5 * PROTOTYPES]].astype(np.float32)
        own = own @ projection
        count = min(PROTOTYPES, len(own))
        prototypes.append(MiniBatchKMeans(count, n_init=1, random_state=seed).fit(own).cluster_centers_)
        owners += [label] * count
    prototypes, owners = np.concatenate(prototypes).astype(np.float32), np.array(owners)

    log_t = np.array([np.log(TEMPERATURE)], np.float32)
    parts = [Adam(projection, RATE), Adam(prototypes, RATE), Adam(log_t, TEMPERATURE_RATE)]
    average = None
    bar = trange(steps, desc="metric", unit="step", disable=not progress, mininterval=1)
    for step in bar:
        batch = np.searchsorted(draw, rng.random(BATCH)).clip(max=len(vectors) - 1)
        x = vectors[batch].astype(np.float32)
        same = labels[batch][:, None] == owners
        loss, dz, dp, dt = loss_and_gradient(x @ projection, same, prototypes, float(np.exp(log_t[0])))
        decay = 0.5 * (1 + np.cos(np.pi * step / steps))
        for part, gradient in zip(parts, (x.T @ dz, dp, np.array([dt], np.float32))):
            part.update(gradient, decay)
        average = loss if average is None else average + 0.01 * (loss - average)
        if step % 200 == 0:
            bar.set_postfix(loss=f"{average:.4f}", T=f"{np.exp(log_t[0]):.1f}")
    return projection
