"""Bars stand where their figures say, in places that every language writes alike."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.charts import BOTTOM, HEIGHT, LEFT, STEPS, TOP, Series, bar_chart, nice_step

MONTHS = ["Jun", "Jul", "Agu"]


def chart(*values, labels=MONTHS):
    return bar_chart(labels, [Series(f"Seri {tone}", tone, list(one)) for tone, one in enumerate(values, start=1)])


@pytest.mark.parametrize(
    ("highest", "step"),
    [
        (0, 1),
        (1, 1),
        (4, 1),
        (5, 2),
        (8, 2),
        (9, 5),
        (20, 5),
        (21, 10),
        (88, 25),
        (101, 50),
        (1_000, 250),
        (1_001, 500),
    ],
)
def test_lines_stand_at_round_numbers(highest, step):
    assert nice_step(highest) == step


@given(st.integers(0, 10**7))
def test_four_steps_hold_every_figure(highest):
    assert highest <= nice_step(highest) * STEPS <= max(10 * highest, STEPS)


@given(st.lists(st.lists(st.integers(0, 50_000), min_size=3, max_size=3), min_size=1, max_size=4))
def test_bars_stay_inside_and_do_not_overlap(values):
    bars = chart(*values).bars

    edges = [(float(bar.x[:-1]), float(bar.x[:-1]) + float(bar.width[:-1])) for bar in bars]
    assert all(left >= LEFT and right <= 100 for left, right in edges)
    assert all(one[1] <= other[0] + 0.01 for one, other in zip(edges, edges[1:], strict=False))
    assert all(TOP - 0.1 <= float(bar.y) <= HEIGHT - BOTTOM for bar in bars)
    assert all(abs(float(bar.y) + float(bar.height) - (HEIGHT - BOTTOM)) < 0.2 for bar in bars)


def test_heights_are_in_proportion():
    low, high, none = chart([25, 100, 0]).bars

    assert float(high.height) == pytest.approx(4 * float(low.height), abs=0.3)
    assert float(none.height) == 0


def test_table_says_what_the_bars_say():
    assert chart([1, 2, 3], [4, 5, 6]).table == [("Jun", [1, 4]), ("Jul", [2, 5]), ("Agu", [3, 6])]


def test_series_without_a_figure_for_each_label_is_refused():
    with pytest.raises(ValueError):
        chart([1, 2])


@pytest.mark.parametrize("language", ["id", "en"])
def test_places_are_written_with_a_point_in_every_language(language):
    with translation.override(language):
        html = render_to_string(
            "components/chart_bars.html",
            {"chart": chart([42, 1_055, 48], [1, 2, 3]), "id": "c", "title": "Pendaftar", "empty": "Belum ada."},
        )

    places = re.findall(r'\s(?:x|y|x1|x2|y1|y2|width|height)="([^"]*)"', html)
    assert len(places) > 50
    assert [place for place in places if not re.fullmatch(r"\d+(\.\d+)?%?", place)] == []
    assert ("1.055" if language == "id" else "1,055") in html
    assert "style=" not in html


def test_chart_without_figures_says_so():
    html = render_to_string(
        "components/chart_bars.html", {"chart": chart([0, 0, 0]), "id": "c", "title": "T", "empty": "Belum ada data."}
    )

    assert "Belum ada data." in html
    assert "<rect" not in html
