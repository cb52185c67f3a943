"""Strokes: what one pen-down leaves on the pad, ink or a trail of the eraser, drawn the same way every time.

Points lie on a grid finer than a pixel, so that they are kept as whole numbers and come back as the very same ink.
"""

import json
import math

from pyscript import window
from pyscript.ffi import to_js

FINE = 10  # grid lines to a canvas pixel
DOT = 0.01  # px: a line without length would not be drawn
RIM = 2  # px that the eraser is wider than the brush: the soft edge of a line that it passes along goes, too
EVEN = 0.5  # the pressure of devices that cannot feel it; it makes the brush as wide as it says
SOFT = 0.3  # share of the way that the width follows the pressure from one point to the next
STEPS = 1000  # of pressure


class Line:
    """Where the pen passed: `points` are (x, y) in canvas pixels."""

    def __init__(self, points):
        self.points = points
        self._numbers = None

    def numbers(self):
        """x and y of each point and a pair of NaN, a JavaScript Float32Array. Made once, as the points stay."""
        if self._numbers is None or self._numbers.length != 2 * len(self.points) + 2:
            numbers = []
            for point in self.points:
                numbers.extend(point)
            self._numbers = window.Float32Array.new(to_js(numbers + [math.nan, math.nan]))
        return self._numbers


class Stroke:
    """A pen-down of a round brush, `width` canvas pixels wide."""

    def __init__(self, width, erases=False):
        self.width = width
        self.erases = erases
        self.line = Line([])
        self.path = window.Path2D.new()
        self.left = None  # of an eraser's stroke: the lines of ink that it leaves
        self.blanks = False  # it leaves nothing to be seen
        self._text = None

    @property
    def points(self):
        return self.line.points

    def extend(self, samples):
        """Takes (x, y, pressure 0..1) of the pen; returns the path of what is new, or None if it has not moved."""
        trail = None
        for x, y, pressure in samples:
            point = round(x * FINE) / FINE, round(y * FINE) / FINE
            if self.points and point == self.points[-1]:
                continue
            if not self.points:
                self.path.moveTo(point[0] - DOT, point[1])
            if trail is None:
                trail = window.Path2D.new()
                trail.moveTo(*(self.points[-1] if self.points else (point[0] - DOT, point[1])))
            self._add(trail, point, pressure)
            self.points.append(point)
        return trail

    @property
    def box(self):
        """Left, top, right and bottom of what it can cover, in canvas pixels."""
        xs, ys = zip(*self.points)
        reach = self._reach(self.width)
        return min(xs) - reach, min(ys) - reach, max(xs) + reach, max(ys) + reach

    @property
    def reach(self):
        """px, how wide it is at most."""
        return self._reach(self.width)

    def outline(self):
        """What it covers, for served/outlines.py: how many points, 1 where it erases, and x, y and radius of each, px."""
        numbers = [len(self.points), int(self.erases)]
        for (x, y), radius in zip(self.points, self._radii()):
            numbers.extend((x, y, radius))
        return numbers

    @property
    def side(self):
        """The longer side of the box around its points, in canvas pixels."""
        return max(max(along) - min(along) for along in zip(*self.points))

    def text(self):
        """What it is made of as JSON, for `stroke_of`. Made once: it is for strokes that are settled."""
        if self._text is None:
            numbers = [round(number * FINE) for point in self.points for number in point]
            self._text = json.dumps([self.width, self.erases, numbers, self._pressed()])
        return self._text

    def reopen(self):
        """It was settled, and is extended all the same."""
        self._text = None

    def draw(self, context, path=None):
        """Draws all of it, or only a path that `extend` returned."""
        context.globalCompositeOperation = "destination-out" if self.erases else "source-over"
        self._paint(context, path or self.path)
        context.globalCompositeOperation = "source-over"

    def _add(self, trail, point, pressure):
        """Goes on to a point, both in the whole path and in what is new of it."""
        trail.lineTo(*point)
        self.path.lineTo(*point)

    def _pressed(self):
        return None

    def _radii(self):
        return [self.reach / 2] * len(self.points)

    def _paint(self, context, path):
        context.lineWidth = self._reach(self.width)
        context.stroke(path)

    def _reach(self, width):
        return width + RIM if self.erases else width


class PressedStroke(Stroke):
    """A pen-down whose width follows the pressure, from half the brush to one and a half."""

    def __init__(self, width, erases=False):
        super().__init__(width, erases)
        self.pressures = []  # 0..1, of each point
        self.radii = []  # px, likewise

    def _add(self, trail, point, pressure):
        pressure = round(pressure * STEPS) / STEPS
        self.pressures.append(pressure)
        radius = self._reach(self.width * (0.5 + pressure)) / 2
        piece = window.Path2D.new()
        if self.points:
            radius = self.radii[-1] + SOFT * (radius - self.radii[-1])
            capsule(piece, self.points[-1], self.radii[-1], point, radius)
        else:
            capsule(piece, point, radius, point, radius)
        self.radii.append(radius)
        trail.addPath(piece)
        self.path.addPath(piece)

    def _radii(self):
        return self.radii

    def _pressed(self):
        return [round(pressure * STEPS) for pressure in self.pressures]

    def _paint(self, context, path):
        context.fill(path)


def stroke_of(made):
    """The stroke that `Stroke.text` tells of, decoded; ValueError if it tells of none."""
    width, erases, numbers, pressed = made
    stroke = (Stroke if pressed is None else PressedStroke)(width, erases)
    pressures = [pressure / STEPS for pressure in pressed or []] or [EVEN] * (len(numbers) // 2)
    samples = zip(numbers[::2], numbers[1::2], pressures)
    if stroke.extend([(x / FINE, y / FINE, pressure) for x, y, pressure in samples]) is None:
        raise ValueError("a stroke without points")
    return stroke


def capsule(path, start, radius, end, end_radius):
    """Adds the outline of two discs and what lies between them. All run one way round, so that they fill as one."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    distance = math.sqrt(dx * dx + dy * dy)
    if distance <= abs(radius - end_radius):  # one disc lies within the other
        (x, y), radius = (start, radius) if radius > end_radius else (end, end_radius)
        path.moveTo(x + radius, y)
        path.arc(x, y, radius, 0, 2 * math.pi)
        return
    towards = math.atan2(dy, dx)
    aside = math.acos((radius - end_radius) / distance)  # where the straight sides touch the discs
    first = towards + aside
    path.moveTo(start[0] + radius * math.cos(first), start[1] + radius * math.sin(first))
    path.arc(*start, radius, first, towards - aside + 2 * math.pi)
    path.arc(*end, end_radius, towards - aside, first)
    path.closePath()
