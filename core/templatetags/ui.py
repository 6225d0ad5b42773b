"""Presentation only: icons, badges, dates, times and numbers in the words of the page's language."""

import sys
from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.db.models import Choices
from django.forms import BaseForm, BoundField, CheckboxSelectMultiple, MultiWidget, RadioSelect
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()

TONES = {"ok", "warn", "err", "rev", "info", "plain", "muted"}
TONE_ICONS = {
    "ok": "circle-check",
    "warn": "alert-triangle",
    "err": "alert-circle",
    "rev": "eye",
    "info": "info-circle",
}
ZONE_LABELS = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


# --- icons and badges


@register.simple_tag(name="icon")
def draw_icon(name: str, css: str = "") -> SafeString:
    """A decorative icon of the sprite; the words beside it carry the meaning."""
    href = f"{static('img/icons.svg')}#{name}"
    classes = f"icon {css}".strip()
    return format_html('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"/></svg>', classes, href)


@register.simple_tag
def tone_icon(tone: str) -> SafeString:
    """The icon that repeats a tone for people who do not see its colour."""
    return draw_icon(TONE_ICONS.get(tone, "clock"))


@register.simple_tag
def badge(label: str, tone: str = "plain", icon: str = "") -> SafeString:
    """A word on a coloured ground; colour never stands alone."""
    tone = tone if tone in TONES else "plain"
    drawing = draw_icon(icon) if icon else ""
    return format_html('<span class="badge badge-{}">{}{}</span>', tone, drawing, label)


@register.simple_tag
def status_badge(value: Any, field: str = "status") -> SafeString:
    """Badge of a status member, or of the status of a model object."""
    member = value if isinstance(value, Enum) else _status_member(value, field)
    if member is None:
        display = getattr(value, f"get_{field}_display", None)
        return badge(display() if display else value)
    return badge(getattr(member, "label", str(member)), _tone_of(member))


def _status_member(obj: Any, field: str) -> Choices | None:
    """The enum member behind obj.<field>, found by Model.Status or by the default of the field."""
    meta = getattr(obj, "_meta", None)
    if meta is None:
        return None
    states = getattr(type(obj), "Status", None) or type(meta.get_field(field).default)
    if not (isinstance(states, type) and issubclass(states, Choices)):
        return None
    return states(getattr(obj, field))


def _tone_of(member: Enum) -> str:
    """tone property of the member, else the TONES dict of the module that defines the states."""
    tone = getattr(member, "tone", None)
    if tone is None:
        tones = getattr(sys.modules[type(member).__module__], "TONES", {})
        tone = tones.get(member, "plain")
    return str(tone)


# --- dates and times


def _is_english() -> bool:
    return (get_language() or "id").startswith("en")


def _zone(zone: str | tzinfo | None) -> tzinfo:
    if not zone:
        return timezone.get_current_timezone()
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def _local(value: date | datetime, zone: str | tzinfo | None = None) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return value.astimezone(_zone(zone))
    return value


def _time_text(value: datetime) -> str:
    return format_date(value, "H:i" if _is_english() else "H.i")


@register.filter
def zone_label(zone: str | tzinfo | None) -> str:
    """WIB, WITA or WIT; other zones keep their own name."""
    name = str(_zone(zone))
    return ZONE_LABELS.get(name, name)


@register.filter
def in_zone(value: datetime | None, zone: str | tzinfo | None) -> date | datetime | None:
    return _local(value, zone) if value else None


@register.filter
def day(value: date | datetime | None) -> str:
    """3 Agustus 2026"""
    return format_date(_local(value), "j F Y") if value else ""


@register.filter
def short_day(value: date | datetime | None) -> str:
    """3 Agu 2026"""
    return format_date(_local(value), "j M Y") if value else ""


@register.filter
def weekday_date(value: date | datetime | None) -> str:
    """Senin, 3 Agustus 2026"""
    return format_date(_local(value), "l, j F Y") if value else ""


@register.filter
def clock(value: datetime | None, zone: str | tzinfo | None = None) -> str:
    """08.00 WIB"""
    return f"{_time_text(_local(value, zone))} {zone_label(zone)}" if value else ""


@register.filter
def moment(value: datetime | None, zone: str | tzinfo | None = None) -> str:
    """3 Agustus 2026 pukul 08.00 WIB"""
    if not value:
        return ""
    local = _local(value, zone)
    return _("%(day)s pukul %(time)s") % {"day": format_date(local, "j F Y"), "time": clock(value, zone)}


@register.simple_tag
def date_range(start: date | None, end: date | None) -> str:
    """24–28 November 2026; repeats month and year only where they differ."""
    if not start or not end or start == end:
        return day(start or end)
    start, end = _local(start), _local(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{format_date(end, 'j F Y')}"
    pattern = "j F" if start.year == end.year else "j F Y"
    return f"{format_date(start, pattern)} – {format_date(end, 'j F Y')}"


# --- numbers


@register.filter
def number(value: int | float | Decimal | None) -> str:
    """1.250.000 in Indonesian, 1,250,000 in English; decimals only where there are some."""
    if value is None or value == "":
        return ""
    text = f"{Decimal(str(value)):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if _is_english() else text.translate(str.maketrans(",.", ".,"))


def size_text(size: int | None) -> str:
    """2,4 MB: decimal units, one digit after the comma from MB up."""
    size = size or 0
    if size < 1000:
        return f"{number(size)} byte"
    if size < 1_000_000:
        return f"{number(round(size / 1000))} KB"
    if size < 1_000_000_000:
        return f"{number(round(size / 1_000_000, 1))} MB"
    return f"{number(round(size / 1_000_000_000, 1))} GB"


register.filter("file_size", size_text)
register.simple_tag(size_text, name="file_size")


# --- forms and pages


@register.filter
def focus_id(field: BoundField) -> str:
    """Id of the control that gets the focus when a message about this field is followed."""
    first_of_many = isinstance(field.field.widget, MultiWidget | RadioSelect | CheckboxSelectMultiple)
    return f"{field.auto_id}_0" if first_of_many else field.auto_id


def _form_problems(form: BaseForm) -> list[tuple[str, str]]:
    problems = [("", str(error)) for error in form.non_field_errors()]
    for field in form:
        if not field.is_hidden:
            problems += [(focus_id(field), str(error)) for error in field.errors]
    hidden = [error for field in form.hidden_fields() for error in field.errors]
    return problems + [("", str(error)) for error in hidden]


@register.simple_tag
def form_problems(*sources: BaseForm | BaseFormSet | Iterable[BaseForm] | None) -> list[tuple[str, str]]:
    """(id of the control or "", message) of each error, in the order of the page."""
    problems: list[tuple[str, str]] = []
    for source in sources:
        if isinstance(source, BaseForm):
            problems += _form_problems(source) if source.is_bound else []
        elif isinstance(source, BaseFormSet):
            if source.is_bound:
                problems += [("", str(error)) for error in source.non_form_errors()]
                problems += [problem for form in source.forms for problem in _form_problems(form)]
        elif source:
            problems += form_problems(*source)
    return problems


@register.simple_tag
def page_url(request: HttpRequest, page: int, name: str = "h") -> str:
    """This address with another page number; page 1 has none."""
    query = request.GET.copy()
    query.pop(name, None)
    if page > 1:
        query[name] = str(page)
    return f"?{query.urlencode()}" if query else request.path


@register.filter
def no_placeholders(form: BaseForm) -> BaseForm:
    """The form without placeholder texts: they repeat the label and vanish when one types."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form
