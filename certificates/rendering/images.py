"""Art and QR code as images that WeasyPrint draws without parsing anything: it finds them in its image cache."""

import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pydyf
import segno

from certificates.rendering.drawing import Drawing


@dataclass(frozen=True)
class Art:
    """A drawing, written and compressed once, put into each file as one form and drawn from there."""

    name: str
    drawing: Drawing
    width: float  # mm
    height: float

    @cached_property
    def content(self) -> bytes:
        return zlib.compress(self.drawing.pdf().encode("ascii"), 9)

    def get_intrinsic_size(self, *_: Any) -> tuple[float, float, float]:
        return self.width, self.height, self.width / self.height

    def draw(self, stream: Any, width: float, height: float, _style: Any) -> None:
        """Called by WeasyPrint with the page and the size of the place."""
        form = pydyf.Stream(
            [self.content],
            pydyf.Dictionary(
                {
                    "Type": "/XObject",
                    "Subtype": "/Form",
                    "BBox": pydyf.Array([0, 0, self.width, self.height]),
                    "Filter": "/FlateDecode",
                }
            ),
        )
        stream._resources["XObject"][self.name] = form
        with stream.stacked():
            stream.transform(a=width / self.width, d=height / self.height)
            stream.draw_x_object(self.name)


class QrCode:
    """A QR code as filled rectangles, with the quiet zone that readers expect."""

    QUIET = 4  # modules of white on each side

    def __init__(self, text: str) -> None:
        self.rows = [bytes(row) for row in segno.make(text, error="m", micro=False, boost_error=False).matrix]
        self.side = len(self.rows) + 2 * self.QUIET

    def get_intrinsic_size(self, *_: Any) -> tuple[float, float, float]:
        return self.side, self.side, 1

    def draw(self, stream: Any, width: float, height: float, _style: Any) -> None:
        """Called by WeasyPrint with the page and the size of the place."""
        with stream.stacked():
            stream.transform(a=width / self.side, d=height / self.side)
            stream.stream.append(f"1 g 0 0 {self.side} {self.side} re f 0 g")
            stream.stream.append("\n".join(f"{x} {y} {length} 1 re" for x, y, length in self.runs()))
            stream.stream.append("f")

    def runs(self) -> list[tuple[int, int, int]]:
        """(x, y, length) of neighbouring dark modules, in modules from the edge of the quiet zone."""
        found = []
        for y, row in enumerate(self.rows, start=self.QUIET):
            x = 0
            while (x := row.find(1, x)) >= 0:
                end = row.find(0, x)
                end = len(row) if end < 0 else end
                found.append((x + self.QUIET, y, end - x))
                x = end
        return found
