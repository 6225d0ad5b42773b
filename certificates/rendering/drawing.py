"""Line art in millimetres, y downwards, written as operators of a PDF page or, to look at it, as SVG.

Repeated parts are written again under another transformation instead of with other numbers: the compressed file then
holds them once.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Self

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
ROUND = 4 / 3 * math.tan(math.pi / 8)  # handles of the four curves that make a circle


def short(number: float) -> str:
    """Three decimals at most: a thousandth of a millimetre."""
    return f"{number:.3f}".rstrip("0").rstrip(".") if abs(number) >= 0.0005 else "0"


@dataclass(frozen=True)
class Path:
    """Steps of one letter (M, L, C, Z) with their points; filled, stroked or both, in #rrggbb."""

    steps: tuple[tuple[str, tuple[Point, ...]], ...]
    stroke: str = ""
    width: float = 0.0
    fill: str = ""

    def pdf(self) -> str:
        letters = {"M": "m", "L": "l", "C": "c", "Z": "h"}
        lines = []
        if self.fill:
            lines.append(f"{_rgb(self.fill)} rg")
        if self.stroke:
            lines.append(f"{_rgb(self.stroke)} RG {short(self.width)} w")
        lines += [" ".join([*_numbers(points), letters[letter]]) for letter, points in self.steps]
        return "\n".join([*lines, "B" if self.fill and self.stroke else "f" if self.fill else "S"])

    def svg(self) -> str:
        data = "".join(letter + " ".join(_numbers(points)) for letter, points in self.steps)
        line = f' stroke="{self.stroke}" stroke-width="{short(self.width)}"' if self.stroke else ""
        return f'<path d="{data}" fill="{self.fill or "none"}"{line}/>'


@dataclass
class Drawing:
    """Paths and smaller drawings, each under a transformation, painted in this order."""

    parts: list[tuple[Matrix | None, "Drawing | Path"]] = field(default_factory=list)

    def add(self, *paths: Path) -> Self:
        self.parts += [(None, path) for path in paths]
        return self

    def place(self, part: "Drawing", x: float = 0, y: float = 0, turn: float = 0, stretch: Point = (1, 1)) -> Self:
        """`part` stretched, turned clockwise by `turn` degrees, then moved to (x, y)."""
        cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        self.parts.append(((cos * stretch[0], sin * stretch[0], -sin * stretch[1], cos * stretch[1], x, y), part))
        return self

    def pdf(self) -> str:
        """Operators of a content stream."""
        return "\n".join(
            part.pdf() if matrix is None else f"q {' '.join(map(_exact, matrix))} cm\n{part.pdf()}\nQ"
            for matrix, part in self.parts
        )

    def svg_body(self) -> str:
        return "".join(
            part.svg() if isinstance(part, Path) else f"<g{_attribute(matrix)}>{part.svg_body()}</g>"
            for matrix, part in self.parts
        )

    def svg(self, width: float, height: float) -> str:
        """The same picture as a file of its own."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
            f'viewBox="0 0 {width} {height}">{self.svg_body()}</svg>'
        )


def _rgb(colour: str) -> str:
    return " ".join(short(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))


def _numbers(points: Iterable[Point]) -> list[str]:
    return [short(number) for point in points for number in point]


def _exact(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".") if abs(number) >= 5e-7 else "0"


def _attribute(matrix: Matrix | None) -> str:
    return f' transform="matrix({" ".join(map(_exact, matrix))})"' if matrix else ""


# --- shapes


def rectangle(x: float, y: float, wide: float, high: float, **paint: str | float) -> Path:
    corners = ((x + wide, y), (x + wide, y + high), (x, y + high))
    return Path((("M", ((x, y),)), *(("L", (corner,)) for corner in corners), ("Z", ())), **paint)


def polygon(*points: Point, **paint: str | float) -> Path:
    return Path((("M", points[:1]), *(("L", (point,)) for point in points[1:]), ("Z", ())), **paint)


def line(start: Point, end: Point, **paint: str | float) -> Path:
    return Path((("M", (start,)), ("L", (end,))), **paint)


def ellipse(x: float, y: float, wide: float, high: float, **paint: str | float) -> Path:
    a, b = wide * ROUND, high * ROUND
    arcs = (
        ((x + wide, y + b), (x + a, y + high), (x, y + high)),
        ((x - a, y + high), (x - wide, y + b), (x - wide, y)),
        ((x - wide, y - b), (x - a, y - high), (x, y - high)),
        ((x + a, y - high), (x + wide, y - b), (x + wide, y)),
    )
    return Path((("M", ((x + wide, y),)), *(("C", arc) for arc in arcs), ("Z", ())), **paint)


def circle(x: float, y: float, radius: float, **paint: str | float) -> Path:
    return ellipse(x, y, radius, radius, **paint)


def curve(at: Callable[[float], Point], pieces: int, closed: bool = False, **paint: str | float) -> Path:
    """The smooth path of at(0)…at(1), as cubic curves through `pieces` + 1 of its points."""
    tiny = 1e-5
    steps: list[tuple[str, tuple[Point, ...]]] = [("M", (at(0),))]
    for piece in range(pieces):
        first, last = piece / pieces, (piece + 1) / pieces
        reach = 1 / pieces / 3 / (2 * tiny)
        start, end = at(first), at(last)
        leave = _difference(at(first + tiny), at(first - tiny), reach)
        arrive = _difference(at(last + tiny), at(last - tiny), reach)
        steps.append(("C", (_sum(start, leave), (end[0] - arrive[0], end[1] - arrive[1]), end)))
    return Path((*steps, ("Z", ())) if closed else tuple(steps), **paint)


def _difference(a: Point, b: Point, factor: float) -> Point:
    return (a[0] - b[0]) * factor, (a[1] - b[1]) * factor


def _sum(a: Point, b: Point) -> Point:
    return a[0] + b[0], a[1] + b[1]
