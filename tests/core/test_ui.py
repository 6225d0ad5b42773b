"""What is shown: words for dates and numbers, badges, contrast of the tokens, templates without inline code."""

import re
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.db import models
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from core.templatetags import ui

ROOT = Path(__file__).resolve().parents[2]
CSS = (ROOT / "static/css/app.css").read_text()
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


class Status(models.TextChoices):
    WAITING = "waiting", "Menunggu"
    DONE = "done", "Selesai"


TONES = {Status.WAITING: "warn", Status.DONE: "ok"}


@pytest.fixture(autouse=True)
def indonesian():
    with translation.override("id"):
        yield


# --- dates, times, numbers


MOMENT = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "zone", "expected"),
    [
        ("id", "Asia/Jakarta", "3 Agustus 2026 pukul 08.00 WIB"),
        ("id", "Asia/Makassar", "3 Agustus 2026 pukul 09.00 WITA"),
        ("id", "Asia/Jayapura", "3 Agustus 2026 pukul 10.00 WIT"),
    ],
)
def test_moment_says_zone(language, zone, expected):
    with translation.override(language):
        assert ui.moment(MOMENT, zone) == expected


def test_clock_in_english_has_colon():
    with translation.override("en"):
        assert ui.clock(MOMENT, "Asia/Jakarta") == "08:00 WIB"


def test_days_are_written_in_words():
    assert ui.day(date(2026, 8, 3)) == "3 Agustus 2026"
    assert ui.weekday_date(date(2026, 8, 3)) == "Senin, 3 Agustus 2026"
    with translation.override("en"):
        assert ui.weekday_date(date(2026, 8, 3)) == "Monday, 3 August 2026"


def test_day_of_an_aware_moment_is_the_local_one():
    assert ui.day(datetime(2026, 8, 2, 20, 0, tzinfo=UTC)) == "3 Agustus 2026"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 11, 24), date(2026, 11, 28), "24–28 November 2026"),
        (date(2026, 11, 30), date(2026, 12, 4), "30 November – 4 Desember 2026"),
        (date(2026, 12, 30), date(2027, 1, 3), "30 Desember 2026 – 3 Januari 2027"),
        (date(2026, 11, 24), date(2026, 11, 24), "24 November 2026"),
        (date(2026, 11, 24), None, "24 November 2026"),
    ],
)
def test_date_range_repeats_only_what_differs(start, end, expected):
    assert ui.date_range(start, end) == expected


@pytest.mark.parametrize(
    ("value", "indonesian_text", "english_text"),
    [(1250000, "1.250.000", "1,250,000"), (3.5, "3,5", "3.5"), (7, "7", "7"), (None, "", ""), (0, "0", "0")],
)
def test_number_follows_language(value, indonesian_text, english_text):
    assert ui.number(value) == indonesian_text
    with translation.override("en"):
        assert ui.number(value) == english_text


@pytest.mark.parametrize(
    ("size", "expected"),
    [(0, "0 byte"), (812, "812 byte"), (120_400, "120 KB"), (2_440_000, "2,4 MB"), (None, "0 byte")],
)
def test_file_size_is_short(size, expected):
    assert ui.size_text(size) == expected


# --- badges


class Toned(Enum):
    READY = "ready"

    @property
    def label(self):
        return "Siap"

    @property
    def tone(self):
        return "info"


def test_status_badge_takes_tone_from_module():
    assert ui.status_badge(Status.WAITING) == '<span class="badge badge-warn">Menunggu</span>'


def test_status_badge_takes_tone_from_member():
    assert ui.status_badge(Toned.READY) == '<span class="badge badge-info">Siap</span>'


def test_badge_escapes_and_refuses_unknown_tone():
    assert ui.badge("<b>", "x onload") == '<span class="badge badge-plain">&lt;b&gt;</span>'


# --- forms and pages


class SmallForm(forms.Form):
    name = forms.CharField()
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)

    def clean(self):
        raise forms.ValidationError("Semua.")


def test_form_problems_link_to_the_first_control():
    problems = ui.form_problems(SmallForm({}), None)

    assert [target for target, _ in problems] == ["", "id_name", "id_kind_0"]


def test_error_summary_counts_and_is_absent_without_errors():
    html = render_to_string("components/error_summary.html", {"form": SmallForm({})})

    assert "Ada 3 hal yang perlu diperbaiki" in html
    assert 'href="#id_kind_0"' in html
    assert "data-error-summary" not in render_to_string("components/error_summary.html", {"form": SmallForm()})


def test_page_url_keeps_filters():
    request = RequestFactory().get("/daftar/", {"q": "siti", "h": "3"})

    assert ui.page_url(request, 2) == "?q=siti&h=2"
    assert ui.page_url(request, 1) == "?q=siti"


def test_pagination_says_range():
    page = Paginator(range(148), 25).page(3)

    context = {"page": page, "noun": "pendaftaran", "request": RequestFactory().get("/")}
    html = render_to_string("components/pagination.html", context)

    assert "51–75 dari 148 pendaftaran" in html
    assert html.count('aria-current="page"') == 1


# --- colours


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


LIGHT = tokens(CSS[CSS.index(":root {") : CSS.index("@media screen and (prefers-color-scheme: dark)")])
SYSTEM_DARK, CHOSEN_DARK = (
    tokens(CSS[CSS.index(start) :].split("}", 1)[0])
    for start in (':root:not([data-theme="light"])', ':root[data-theme="dark"]')
)
TEXT_PAIRS = [("text", ground, 7) for ground in ("bg", "surface", "surface-2")]
TEXT_PAIRS += [("text-2", ground, 4.5) for ground in ("bg", "surface", "surface-2")]
TEXT_PAIRS += [("brand", ground, 4.5) for ground in ("bg", "surface", "brand-soft", "surface-2")]
TEXT_PAIRS += [(tone, f"{tone}-bg", 4.5) for tone in ("ok", "warn", "err", "rev")]
TEXT_PAIRS += [(tone, ground, 4.5) for tone in ("ok", "warn", "err", "rev") for ground in ("surface", "bg")]
TEXT_PAIRS += [("text", f"{tone}-bg", 7) for tone in ("ok", "warn", "err", "rev")]
EDGES = [("line-strong", "surface", 3), ("line-strong", "bg", 3), ("focus", "bg", 3), ("focus", "surface", 3)]


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_and_white():
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0


@pytest.mark.parametrize("theme", [LIGHT, CHOSEN_DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), TEXT_PAIRS + EDGES)
def test_tokens_have_contrast(theme, front, ground, least):
    assert contrast(theme[front], theme[ground]) >= least


@pytest.mark.parametrize("theme", [LIGHT, CHOSEN_DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["brand-bg", "brand-hover", "err-solid", "err-hover"])
def test_white_on_buttons_has_contrast(theme, ground):
    assert contrast("#ffffff", theme[ground]) >= 4.5


def test_both_dark_themes_are_the_same():
    assert SYSTEM_DARK == CHOSEN_DARK
    assert LIGHT.keys() == CHOSEN_DARK.keys()


def test_paper_is_light():
    for start in (':root:not([data-theme="light"])', ':root[data-theme="dark"]'):
        assert CSS[: CSS.index(start)].rstrip(" {\n").splitlines()[-1].strip().startswith("@media screen")


def test_old_phones_can_read_the_style():
    rules = re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)

    assert "light-dark(" not in rules
    assert ":has(" not in rules
    assert not re.search(r"^\s*&", rules, re.MULTILINE)


# --- templates

INLINE = re.compile(
    r"""\sstyle\s*=|<style\b|\son(click|change|submit|load|input|error|key\w+|focus|blur)\s*=|javascript:|hx-on""", re.I
)
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>", re.I)
NOT_FOR_BROWSERS = ("/email", "/pdf/")  # mail and paper know no content security policy


def inline_code(text: str) -> list[str]:
    scripts = [match for match in SCRIPT.finditer(text) if "src=" not in match["attributes"]]
    found = [match[0].strip() for match in INLINE.finditer(text)]
    found += [match[0] for match in scripts if "application/json" not in match["attributes"]]
    return found


def test_inline_code_is_found_where_planted():
    planted = '<p style="color:red" onclick="x()"><script>alert(1)</script><script src="a.js"></script></p>'

    assert len(inline_code(planted)) == 3


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_template_has_no_inline_code(path):
    if any(part in path.as_posix() for part in NOT_FOR_BROWSERS):
        return

    assert inline_code(path.read_text()) == []


def icon_names() -> set[str]:
    return set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/img/icons.svg").read_text()))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_template_uses_only_icons_that_exist(path):
    text = path.read_text()
    used = set(re.findall(r"""\{% icon ["']([\w-]+)["']""", text)) | set(re.findall(r'[\s_]icon="([\w-]+)"', text))

    assert used <= icon_names()


def test_tone_icons_exist():
    assert set(ui.TONE_ICONS.values()) | {"clock"} <= icon_names()
