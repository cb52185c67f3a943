"""Looks at the pixels of the page's canvases."""

import base64

import numpy as np

READ = """selector => {
  const canvas = document.querySelector(selector);
  const {data, width, height} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let bytes = "";
  for (let i = 0; i < data.length; i += 0x8000)
    bytes += String.fromCharCode(...data.subarray(i, i + 0x8000));
  return [btoa(bytes), width, height];
}"""


def pixels(page, selector="#pad"):
    """The canvas as uint8 (height, width, 4)."""
    data, width, height = page.evaluate(READ, selector)
    return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)


def coverage(page):
    """The pad's ink as float (height, width), 0..1."""
    return pixels(page)[..., 3] / 255


def overlap(a, b):
    """Intersection over union of two coverages."""
    return np.minimum(a, b).sum() / np.maximum(a, b).sum()
