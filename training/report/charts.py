"""Line charts as inline SVG: two axes, a few series, nothing else. Colours come from the page's style sheet."""

import math
from dataclasses import dataclass, field

from training.report.markup import join, tag

WIDTH, HEIGHT = 440, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 12, 46
TICKS = 6  # at most about so many steps of an axis
SHAPES = ("circle", "square", "triangle", "diamond", "circle")
DASHES = (None, "7 3", "2 3", "9 3 2 3", "4 4")


@dataclass
class Axis:
    """An axis from `low` to `high`; `log` for one that multiplies."""

    label: str
    low: float
    high: float
    log: bool = False

    def share(self, value):
        """Where a value lies along the axis, 0..1."""
        low, high = self.low, self.high
        if self.log:
            low, high, value = math.log(low), math.log(high), math.log(max(value, low))
        return min(max((value - low) / (high - low), 0), 1)

    def ticks(self):
        return log_ticks(self.low, self.high) if self.log else ticks(self.low, self.high)


@dataclass
class Series:
    """Points (x, y) joined by a line; spans: (low, high) of y at each; dots: whether to mark the points."""

    name: str
    points: list
    spans: list = field(default_factory=list)
    dots: bool = True
    line: bool = True


def ticks(low, high):
    """Round values from low to high, 1, 2 or 5 times a power of ten apart."""
    rough = (high - low) / TICKS
    power = 10 ** math.floor(math.log10(rough))
    step = next(step * power for step in (1, 2, 5, 10) if step * power >= rough * 0.999)
    return [round(step * n, 10) for n in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def log_ticks(low, high):
    """1, 2 and 5 times the powers of ten from low to high; the powers alone where those would be many."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = (1,) if len(powers) > 4 else (1, 2, 5)
    return [s * 10.0**p for p in powers for s in steps if low * 0.999 <= s * 10.0**p <= high * 1.001]


def short(value):
    """A number as an axis has room for it."""
    if abs(value) >= 1000 and value % 100 == 0:
        return f"{value / 1000:g}k"
    return f"{value:g}"


def chart(title, x, y, series, caption=None, even=False):
    """A figure with a line chart, its legend and caption. title: what a person who can't see it is told. x, y: Axis.
    even: also the dashed line on which x and y are the same."""
    parts = [_grid(x, y)]
    if even:
        ends = [_at(x, y, value, value) for value in (max(x.low, y.low), min(x.high, y.high))]
        parts.append(tag("line", class_="bar", stroke_dasharray="3 3", **_ends(*ends)))
    for number, each in enumerate(series):
        parts.append(_series(x, y, each, number))
    drawing = tag("svg", *parts, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=title)
    legend = [tag("li", _sample(number, each), each.name) for number, each in enumerate(series)]
    words = [tag("figcaption", caption or title)]
    return tag("figure", drawing, tag("ul", *legend) if len(series) > 1 else "", *words)


def _at(x, y, a, b):
    """Px of a point given in the axes' units."""
    across = LEFT + x.share(a) * (WIDTH - LEFT - RIGHT)
    return round(across, 1), round(HEIGHT - BOTTOM - y.share(b) * (HEIGHT - TOP - BOTTOM), 1)


def _ends(start, end):
    return {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}


def _grid(x, y):
    parts = []
    for value in y.ticks():
        at = _at(x, y, x.low, value)
        parts.append(tag("line", class_="grid", **_ends(at, _at(x, y, x.high, value))))
        parts.append(tag("text", short(value), x=at[0] - 6, y=at[1] + 4, text_anchor="end"))
    for value in x.ticks():
        at = _at(x, y, value, y.low)
        parts.append(tag("line", class_="axis", **_ends(at, (at[0], at[1] + 4))))
        parts.append(tag("text", short(value), x=at[0], y=at[1] + 17, text_anchor="middle"))
    corner = _at(x, y, x.low, y.low)
    parts.append(tag("line", class_="axis", **_ends(corner, _at(x, y, x.high, y.low))))
    parts.append(tag("line", class_="axis", **_ends(corner, _at(x, y, x.low, y.high))))
    middle = (TOP + HEIGHT - BOTTOM) / 2
    parts.append(tag("text", x.label, x=(LEFT + WIDTH - RIGHT) / 2, y=HEIGHT - 8, text_anchor="middle"))
    parts.append(tag("text", y.label, x=-middle, y=13, text_anchor="middle", transform="rotate(-90)"))
    return join(parts)


def _series(x, y, series, number):
    points = [_at(x, y, *point) for point in series.points]
    parts = []
    if series.line:
        path = " ".join(f"{a},{b}" for a, b in points)
        parts.append(
            tag("polyline", class_=f"plot s{number}", style="fill:none", points=path, stroke_dasharray=DASHES[number])
        )
    for (a, _), (low, high) in zip(series.points, series.spans):
        parts.append(tag("line", class_=f"s{number}", **_ends(_at(x, y, a, low), _at(x, y, a, high))))
    if series.dots:
        parts += [_dot(number, *point) for point in points]
    return join(parts)


def _dot(number, a, b):
    r = 4
    corners = {
        "square": [(-r, -r), (r, -r), (r, r), (-r, r)],
        "triangle": [(0, -r), (r, r), (-r, r)],
        "diamond": [(0, -r - 1), (r + 1, 0), (0, r + 1), (-r - 1, 0)],
    }.get(SHAPES[number])
    if corners is None:
        return tag("circle", class_=f"s{number}", cx=a, cy=b, r=r)
    return tag("polygon", class_=f"s{number}", points=" ".join(f"{a + dx:g},{b + dy:g}" for dx, dy in corners))


def _sample(number, series):
    """What stands before a series' name in the legend."""
    parts = []
    if series.line:
        parts.append(tag("line", class_=f"plot s{number}", stroke_dasharray=DASHES[number], **_ends((0, 6), (30, 6))))
    if series.dots:
        parts.append(_dot(number, 15, 6))
    return tag("svg", *parts, viewBox="0 0 30 12", aria_hidden="true")
