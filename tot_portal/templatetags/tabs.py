"""The pages of one batch, and of one registration, as tabs: each app owns its page, the roof knows them all."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from batches.models import Batch
from participants.models import Registration
from tot_portal.access import ACCESS, allows

register = template.Library()

BATCH_TABS: list[tuple[str, str | Promise]] = [
    ("batches:manage_batch", _("Ringkasan")),
    ("batches:schedule", _("Jadwal")),
    ("assessments:attendance_board", _("Kehadiran")),
    ("assessments:rotation_board", _("Role play")),
    ("assessments:result_board", _("Hasil")),
    ("certificates:certificate_board", _("Sertifikat")),
]
TRAINING_TABS: list[tuple[str, str | Promise]] = [
    ("participants:registration_detail", _("Ringkasan")),
    ("participants:my_schedule", _("Jadwal")),
    ("assessments:my_attendance", _("Kehadiran")),
    ("assessments:my_plays", _("Role play")),
    ("assessments:my_result", _("Hasil")),
    ("certificates:my_certificate", _("Sertifikat")),
]


@register.inclusion_tag("components/_tabs.html", takes_context=True)
def batch_tabs(context: dict[str, Any], batch: Batch, current: str) -> dict[str, Any]:
    """Tabs of a batch's desk that this person may open; `current` is the route of the page."""
    return {"label": _("Halaman angkatan"), "tabs": _tabs(context, BATCH_TABS, batch.code, current)}


@register.inclusion_tag("components/_tabs.html", takes_context=True)
def training_tabs(context: dict[str, Any], registration: Registration, current: str) -> dict[str, Any]:
    """Tabs of the participant's own pages about one training."""
    return {"label": _("Halaman pelatihan"), "tabs": _tabs(context, TRAINING_TABS, registration.code, current)}


def _tabs(context: dict[str, Any], pages: list, code: str, current: str) -> list[dict[str, Any]]:
    user = context["request"].user
    return [
        {"url": reverse(route, args=[code]), "label": label, "current": route == current}
        for route, label in pages
        if route in ACCESS and allows(ACCESS[route], user)
    ]
