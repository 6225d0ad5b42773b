"""The ornaments of the certificate: woven border, rosettes, seal. All drawn by formula, nothing copied."""

import math

from certificates.rendering.drawing import Drawing, Point, circle, curve, ellipse, line, polygon, rectangle

WIDTH, HEIGHT = 297.0, 210.0  # A4 landscape, mm
NAVY, BLUE, SKY = "#0a3961", "#0f4c81", "#8fb2d3"
GOLD, STRAW = "#a67c1e", "#d3b566"
MIST, PAPER = "#e6edf5", "#ffffff"


def front() -> Drawing:
    """The first page: woven border with a rosette in each corner, a pale rosette behind the text."""
    art = Drawing()
    art.place(_watermark(), WIDTH / 2, 104)
    for inset, colour, width in ((7, NAVY, 1.1), (8.3, GOLD, 0.25), (20.6, GOLD, 0.25), (21.5, NAVY, 0.35)):
        art.add(_frame(inset, colour, width))
    _weave_along(art, inset=14.45, start=14.45)
    for x, y in _corners(14.45):
        art.place(_corner_rosette(), x, y)
    art.place(_flourish(46), WIDTH / 2, 66.2)
    return art


def back() -> Drawing:
    """The second page: a narrow frame, so that the table has room."""
    art = Drawing().place(_watermark(), WIDTH / 2, HEIGHT / 2)
    for inset, colour, width in ((7, NAVY, 0.8), (8.1, GOLD, 0.25), (10.2, NAVY, 0.2)):
        art.add(_frame(inset, colour, width))
    for x, y in _corners(9.1):
        art.place(_stud(), x, y)
    return art


def seal() -> Drawing:
    """A golden rosette on two ribbon ends, 34 mm wide and 44 mm high; the text on it is set by the page."""
    art = Drawing()
    for side in (-1, 1):
        tail = Drawing().add(
            polygon((-4.6, 0), (4.6, 0), (4.6, 27), (0, 23.4), (-4.6, 27), fill=BLUE),
            line((-3.5, 6), (-3.5, 24.9), stroke=STRAW, width=0.3),
            line((3.5, 6), (3.5, 24.9), stroke=STRAW, width=0.3),
        )
        art.place(tail, 17 + side * 3.2, 16.5, turn=-side * 17)
    art.add(curve(_scallop(17, 17, 16.2, 0.55, 40), 160, closed=True, fill="#f7efd9", stroke=GOLD, width=0.3))
    art.place(_ring(60, 11.6, 3.4, GOLD, 0.11), 17, 17)
    art.place(_ring(60, 11.6, 2.2, STRAW, 0.11), 17, 17)
    art.add(
        circle(17, 17, 9.6, fill=PAPER, stroke=GOLD, width=0.55),
        circle(17, 17, 8.7, stroke=STRAW, width=0.2),
    )
    for side in (-1, 1):
        art.place(_star(), 17, 17 + side * 5.6)
    return art


# --- parts


def _frame(inset: float, colour: str, width: float):
    return rectangle(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset, stroke=colour, width=width)


def _corners(inset: float) -> list[Point]:
    return [(x, y) for x in (inset, WIDTH - inset) for y in (inset, HEIGHT - inset)]


def _weave_along(art: Drawing, inset: float, start: float) -> None:
    """The ribbon on all four sides, as whole tiles between the corners."""
    tile, length = _weave_tile(), 26.0
    for across, turn, origin in ((WIDTH, 0, (start, inset)), (HEIGHT, 90, (inset, start))):
        room = across - 2 * start
        count = round(room / length)
        step = room / count
        for far in (0, (HEIGHT if turn == 0 else WIDTH) - 2 * inset):
            for number in range(count):
                x, y = (
                    (origin[0] + number * step, origin[1] + far)
                    if turn == 0
                    else (origin[0] + far, origin[1] + number * step)
                )
                art.place(tile, x, y, turn=turn, stretch=(step / length, 1))


def _weave_tile() -> Drawing:
    """26 mm of ribbon: strands whose swing grows and shrinks once, so that tiles join without a seam."""
    tile = Drawing()
    for strands, waves, swing, rest, colour, width in (
        (6, 2, 5.2, 0.55, SKY, 0.13),
        (8, 3, 5.2, 0.35, BLUE, 0.13),
        (4, 4, 2.2, 0.8, STRAW, 0.16),
    ):
        for strand in range(strands):
            shift = 2 * math.pi * strand / strands

            def at(t: float, waves=waves, swing=swing, rest=rest, shift=shift) -> Point:
                height = rest + (1 - rest) * (0.5 + 0.5 * math.cos(2 * math.pi * t))
                return 26 * t, swing * height * math.sin(2 * math.pi * waves * t + shift)

            tile.add(curve(at, waves * 6, stroke=colour, width=width))
    return tile


def _ring(count: int, distance: float, radius: float, colour: str, width: float, flat: float = 1.0) -> Drawing:
    """Circles (flat: ellipses) whose centres stand on a circle: a band of crossing arcs."""
    one = Drawing().add(ellipse(distance, 0, radius, radius * flat, stroke=colour, width=width))
    ring = Drawing()
    for number in range(count):
        ring.place(one, turn=360 * number / count)
    return ring


def _corner_rosette() -> Drawing:
    rosette = Drawing().add(circle(0, 0, 9.3, fill=PAPER))
    rosette.place(_ring(36, 5.0, 3.9, BLUE, 0.12))
    rosette.place(_ring(36, 6.6, 2.3, SKY, 0.12))
    rosette.place(_ring(18, 2.3, 2.0, GOLD, 0.13))
    return rosette.add(
        circle(0, 0, 9.1, stroke=NAVY, width=0.35),
        circle(0, 0, 8.6, stroke=STRAW, width=0.2),
        circle(0, 0, 1.0, fill=PAPER, stroke=GOLD, width=0.3),
    )


def _watermark() -> Drawing:
    mark = Drawing()
    mark.place(_ring(60, 33, 32, MIST, 0.2))
    mark.place(_ring(48, 52, 15, MIST, 0.2))
    return mark


def _flourish(reach: float) -> Drawing:
    """A lozenge between two lines that end in points."""
    art = Drawing()
    for side in (-1, 1):
        art.add(
            polygon((side * 4.5, 0), (side * 10, -0.22), (side * reach, 0), (side * 10, 0.22), fill=GOLD),
            polygon((side * 2.1, 0), (side * 2.8, -0.5), (side * 3.5, 0), (side * 2.8, 0.5), fill=STRAW),
        )
    return art.add(polygon((-1.6, 0), (0, -1.15), (1.6, 0), (0, 1.15), fill=GOLD))


def _stud() -> Drawing:
    return (
        Drawing()
        .add(circle(0, 0, 4.1, fill=PAPER, stroke=NAVY, width=0.3))
        .place(_ring(18, 1.9, 1.75, BLUE, 0.1))
        .add(circle(0, 0, 0.6, fill=PAPER, stroke=GOLD, width=0.25))
    )


def _star() -> Drawing:
    points = [
        (
            (1.25 if tip % 2 == 0 else 0.5) * math.sin(math.pi * tip / 5),
            (-1.25 if tip % 2 == 0 else -0.5) * math.cos(math.pi * tip / 5),
        )
        for tip in range(10)
    ]
    return Drawing().add(polygon(*points, fill=GOLD))


def _scallop(x: float, y: float, radius: float, swing: float, count: int):
    def at(t: float) -> Point:
        reach = radius + swing * math.cos(2 * math.pi * count * t)
        return x + reach * math.cos(2 * math.pi * t), y + reach * math.sin(2 * math.pi * t)

    return at
