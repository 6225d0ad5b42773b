"""How wide a text is in the bundled letters, and the largest size at which it fits its place.

Widths are sums of advances, without kerning: a little more than what is printed, so that what fits here fits there.
They need no layout engine, so that a form can refuse a name before anything is rendered.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

FONTS = Path(settings.BASE_DIR) / "static" / "fonts" / "pdf"
POINTS_PER_MM = 72 / 25.4
WORD_SPACING = 0.08  # em, as in the style sheet


class Face(Enum):
    """The four fonts of certificates; their letters are the only ones that can be printed."""

    SERIF = "playfair-semibold.ttf"
    ITALIC = "playfair-italic.ttf"
    SANS = "jakarta-regular.ttf"
    BOLD = "jakarta-bold.ttf"


@cache
def advances(face: Face) -> dict[str, float]:
    """Letter to width, as a part of the font size."""
    with TTFont(FONTS / face.value, lazy=True) as font:
        metrics, unit = font["hmtx"], font["head"].unitsPerEm
        return {chr(code): metrics[glyph][0] / unit for code, glyph in font.getBestCmap().items()}


@cache
def printable_letters() -> frozenset[str]:
    """Letters that every face has, as a name is set in several."""
    return frozenset.intersection(*(frozenset(advances(face)) for face in Face))


def width_of(text: str, face: Face) -> float:
    """Millimetres per point of font size."""
    known = advances(face)
    return (sum(known.get(letter, 1.0) for letter in text) + text.count(" ") * WORD_SPACING) / POINTS_PER_MM


@dataclass(frozen=True)
class Fitted:
    """A text broken into lines at a font size in points."""

    lines: tuple[str, ...]
    size: float

    @property
    def points(self) -> str:
        """The size for a style sheet, with a point whatever the language."""
        return f"{self.size:g}pt"


def fit(text: str, face: Face, room: float, tries: Iterable[tuple[int, float, float]]) -> Fitted | None:
    """The first of `tries` (lines, largest size, smallest size) that holds the text in `room` millimetres, or None."""
    for count, largest, smallest in tries:
        lines = _broken(text, face, count)
        widest = max(width_of(line, face) for line in lines)
        size = min(largest, int(room / widest * 2) / 2) if widest else largest  # half points
        if size >= smallest:
            return Fitted(lines, size)
    return None


def _broken(text: str, face: Face, count: int) -> tuple[str, ...]:
    """At most `count` lines, as even as words allow."""
    words = text.split(" ")
    count = min(count, len(words))
    if count == 1:
        return (text,)
    share = width_of(text, face) / count
    cuts, reached = [0], 0.0
    for place, (word, following) in enumerate(pairwise(words), start=1):
        reached += width_of(f"{word} ", face)
        goal = share * len(cuts)
        if len(cuts) < count and abs(reached - goal) <= abs(reached + width_of(f"{following} ", face) - goal):
            cuts.append(place)
    cuts.append(len(words))
    return tuple(" ".join(words[first:last]) for first, last in pairwise(cuts))
