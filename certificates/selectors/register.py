"""The register of certificates: which rows a filter leaves, and what a list says of each."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from certificates.models import Certificate
from core.exports import Column, Value, in_zone


def register_rows(user: User, chosen: Mapping[str, Any]) -> QuerySet[Certificate]:
    """What this person may see, narrowed: `q` (part of number or printed name), `year`, `status`, `batch` (code)."""
    found = Certificate.objects.visible_to(user)
    if "q" in chosen:
        found = found.filter(Q(number__icontains=chosen["q"]) | Q(facts__name__icontains=chosen["q"]))
    if "year" in chosen:
        found = found.filter(year=chosen["year"])
    if "status" in chosen:
        found = found.filter(status=chosen["status"])
    if "batch" in chosen:
        found = found.filter(registration__batch__code=chosen["batch"])
    return found


def columns() -> list[Column]:
    """Titles of the list. What is printed and what became of it; no identity number."""
    return [
        Column(_("Nomor sertifikat"), 28), Column(_("Nama"), 34), Column(_("Skema"), 34), Column(_("Angkatan"), 24),
        Column(_("Nomor pendaftaran"), 18), Column(_("Terbit"), 18), Column(_("Diterbitkan oleh"), 24),
        Column(_("Status"), 14), Column(_("Dicabut"), 18), Column(_("Alasan pencabutan"), 34),
        Column(_("Menggantikan"), 28), Column(_("Diganti oleh"), 28), Column(_("SHA-256 berkas"), 66),
    ]  # fmt: skip


def read_register(ids: Sequence[int]) -> list[list[Value]]:
    """One row for each certificate, in the order of the ids; one query."""
    related = ("registration__batch", "issued_by", "replaces", "replaced_by")
    by_id = Certificate.objects.filter(pk__in=ids).select_related(*related).in_bulk()
    return [_row(by_id[pk]) for pk in ids if pk in by_id]


def _row(one: Certificate) -> list[Value]:
    zone = one.registration.batch.time_zone
    replaced_by = getattr(one, "replaced_by", None)
    return [
        one.number, one.facts.get("name"), one.facts.get("scheme"), one.facts.get("batch_name"),
        one.registration.number, in_zone(one.issued_at, zone), one.issued_by.name, one.get_status_display(),
        in_zone(one.revoked_at, zone), one.revoke_reason, one.replaces.number if one.replaces else None,
        replaced_by.number if replaced_by else None, one.file_sha256,
    ]  # fmt: skip
