"""Geometry of charts: plain figures in, places on the page out. Drawn by components/chart_bars.html, without script.

Widths are percentages of the drawing and heights are pixels, so a chart grows with its card and its words keep their
size. Every place is a text with a point: a page in Indonesian would write a comma.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

HEIGHT = 280  # pixels
TOP, BOTTOM = 22, 28  # room for the numbers above the bars and for the words below
LEFT = 8.0  # per cent, for the numbers beside the lines
FILLED = 0.78  # of the room of a group
STEPS = 4
NARROW = 1_000  # a number of four digits is wider than its bar on a phone


@dataclass(frozen=True)
class Series:
    """One colour of bars: `tone` 1 to 4 is its colour of the palette, `values` one figure for each group."""

    label: str | Promise
    tone: int
    values: Sequence[int]


@dataclass(frozen=True)
class Bar:
    """One bar with the place of its number."""

    tone: int
    value: int
    x: str
    y: str
    width: str
    height: str
    middle: str
    above: str
    is_wide: bool


@dataclass(frozen=True)
class Line:
    """One line across, with its number and where that stands."""

    value: int
    y: str
    text_y: str


@dataclass(frozen=True)
class BarChart:
    """Everything that the template draws, and the same as a table."""

    height: str
    left: str
    base: str
    words: str
    series: list[Series]
    bars: list[Bar]
    lines: list[Line]
    groups: list[tuple[str, str]]  # (middle, label)
    table: list[tuple[str, list[int]]]

    @property
    def is_empty(self) -> bool:
        return not any(bar.value for bar in self.bars)


def bar_chart(labels: Sequence[str], series: Sequence[Series]) -> BarChart:
    """Bars side by side for each label. ValueError when a series has not one figure for each label."""
    if any(len(one.values) != len(labels) for one in series):
        raise ValueError("a series has not one figure for each label")
    step = nice_step(max((value for one in series for value in one.values), default=0))
    highest = step * STEPS
    room = (100 - LEFT) / max(len(labels), 1)
    width = room * FILLED / max(len(series), 1)

    def left_of(group: int) -> float:
        return LEFT + group * room + room * (1 - FILLED) / 2

    bars = [
        _bar(one.tone, one.values[group], left_of(group) + place * width, width, highest)
        for group in range(len(labels))
        for place, one in enumerate(series)
    ]
    lines = [Line(value, _px(_y(value, highest)), _px(_y(value, highest) + 4)) for value in range(0, highest + 1, step)]
    return BarChart(
        height=_px(HEIGHT), left=_percent(LEFT), base=_px(HEIGHT - BOTTOM), words=_px(HEIGHT - BOTTOM + 18),
        series=list(series), bars=bars, lines=lines,
        groups=[(_percent(LEFT + (place + 0.5) * room), label) for place, label in enumerate(labels)],
        table=[(label, [one.values[place] for one in series]) for place, label in enumerate(labels)],
    )  # fmt: skip


def nice_step(highest: int) -> int:
    """The distance of the lines: 1, 2, 2.5 or 5 times a power of ten, whole, so that four of them hold `highest`."""
    step, power = 1, 1
    while step * STEPS < highest:
        step = next((s for s in (power, power * 2, power * 5 // 2, power * 5) if s * STEPS >= highest), power * 10)
        power *= 10
    return step


def _bar(tone: int, value: int, x: float, width: float, highest: int) -> Bar:
    top = _y(value, highest)
    return Bar(
        tone, value, _percent(x), _px(top), _percent(width * 0.92), _px(HEIGHT - BOTTOM - top),
        _percent(x + width * 0.46), _px(top - 5), value >= NARROW,
    )  # fmt: skip


def _y(value: int, highest: int) -> float:
    return HEIGHT - BOTTOM - value * (HEIGHT - BOTTOM - TOP) / highest


def _px(value: float) -> str:
    return f"{value:.1f}"


def _percent(value: float) -> str:
    return f"{value:.2f}%"
