"""Copies the facts of a class into the facts of a certificate, which never change afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Lsp
from batches.models import Assignment, Batch, Session
from certificates import rendering
from certificates.errors import PaperNotPrintable
from certificates.models import new_token
from certificates.rendering import CertificateFacts, Issuer, RenderingFailed, Signatory, UnitLine
from core import clock
from core.errors import DomainError
from participants.models import Registration

LANGUAGE = "id"  # of the paper, whoever issues it
MOST_SIGNATORIES = 3
EXAM = "UJI"


def with_class(batches: QuerySet[Batch]) -> QuerySet[Batch]:
    """These batches with all that a paper copies of them, so that no further query is needed for a class.

    Each carries `given_hours` of its live sessions by unit and `facilitator_names`.
    """
    hours = Session.objects.live().filter(batch=OuterRef("pk")).order_by().values("unit").annotate(hours=Sum("jp"))
    serving = Assignment.objects.filter(
        batch=OuterRef("pk"), function=Assignment.Function.FACILITATOR, released_at=None
    ).order_by("pk")
    shown = Coalesce(NullIf(F("person__name"), Value("")), F("person__email"), output_field=CharField())
    return batches.select_related("scheme", "agenda", "venue").annotate(
        given_hours=ArraySubquery(hours.values(line=JSONObject(unit=F("unit"), jp=F("hours")))),
        facilitator_names=ArraySubquery(serving.values(shown=shown)),
    )


@dataclass(frozen=True)
class ClassFacts:
    """What all certificates of a batch have in common; `sheet` lacks name, number, day and address."""

    sheet: CertificateFacts
    lsp: Lsp
    number_format: str

    @classmethod
    def of(cls, batch: Batch, lsp: Lsp) -> Self:
        """One query, none for a batch `with_class`. Texts are Indonesian, as the paper is."""
        if not hasattr(batch, "given_hours"):
            batch = with_class(Batch.objects.filter(pk=batch.pk)).get()
        with override(LANGUAGE):
            return cls(_sheet(batch, lsp), lsp, batch.scheme.settings.get("certificate", {}).get("number_format", ""))

    def copy_for(self, registration: Registration, *, number: str, token: str, issued_at: datetime) -> CertificateFacts:
        """One person's facts. NameNotPrintable if the confirmed name cannot be printed after all."""
        name = rendering.check_printable(registration.certificate_name)
        path = reverse("certificates:verify", args=[token])
        return replace(
            self.sheet, name=name, number=number, issued_on=issued_at.date(), verify_url=f"{settings.SITE_URL}{path}"
        )

    def check(self, people: Iterable[Registration]) -> None:
        """Refuses, before a number is taken, what would have one and never a file: facts do not change afterwards.

        NameNotPrintable names the text, PaperNotPrintable what there is too much or too little of.
        """
        for registration in people:
            _check(self.copy_for(registration, number="", token=new_token(), issued_at=clock.now()))


def paper_refusal(batch: Batch, lsp: Lsp) -> str:
    """Why no paper of this class could be printed; '' when it can. One query, none for a batch `with_class`.

    The names are the people's own, and that nobody may sign has a line of its own: stand-ins take their places.
    """
    sheet = ClassFacts.of(batch, lsp).sheet
    signatories = sheet.signatories or rendering.SAMPLE.signatories
    url = settings.SITE_URL + reverse("certificates:verify", args=[new_token()])
    try:
        _check(replace(sheet, name=rendering.SAMPLE.name, signatories=signatories, verify_url=url))
    except DomainError as error:
        return str(error)
    return ""


def name_refusal(registration: Registration) -> str:
    """Why the confirmed name could not be printed after all; '' when it can."""
    try:
        rendering.check_printable(registration.certificate_name)
    except DomainError as error:
        return str(error)
    return ""


def _check(facts: CertificateFacts) -> None:
    try:
        rendering.check_facts(facts)
    except RenderingFailed as error:
        raise PaperNotPrintable from error


def _sheet(batch: Batch, lsp: Lsp) -> CertificateFacts:
    units = _units(batch)
    return CertificateFacts(
        design=rendering.DESIGN, title=_("Sertifikat Pelatihan"), number="", name="", scheme=batch.scheme.title,
        batch_name=batch.name, starts_on=batch.starts_on, ends_on=batch.ends_on,
        jp=sum(unit.jp for unit in units) or batch.agenda.jp, place=str(batch.venue or ""),
        issued_on=batch.ends_on, issued_place=_city(batch, lsp),
        issuer=Issuer(name=lsp.name, short_name=lsp.short_name, licence=lsp.licence_number),
        signatories=tuple(Signatory(**_signatory(one)) for one in lsp.signatories[:MOST_SIGNATORIES]),
        units=units, facilitators=tuple(batch.facilitator_names), verify_url="", language=LANGUAGE,
    )  # fmt: skip


def _units(batch: Batch) -> tuple[UnitLine, ...]:
    """The scheme's units, before them what belongs to none, after them the exam; with the hours really given."""
    given = {one["unit"]: one["jp"] for one in batch.given_hours} or _hours_of_the_agenda(batch)
    units = [
        UnitLine(unit["code"], unit["title"], unit.get("number", ""), given.get(unit["code"], 0), _("Lulus"))
        for unit in batch.scheme.units
    ]
    known = {unit.code for unit in units}
    general = sum(jp for code, jp in given.items() if code not in known and code != EXAM)
    lines = [UnitLine("", _("Materi umum dan kebijakan sertifikasi"), "", general, "")] if general else []
    lines += units
    if given.get(EXAM):
        lines.append(UnitLine("", _("Uji"), "", given[EXAM], _("Lulus")))
    return tuple(lines)


def _hours_of_the_agenda(batch: Batch) -> dict[str, int]:
    hours: dict[str, int] = {}
    for session in batch.agenda.content["sessions"]:
        code = session.get("unit", "")
        hours[code] = hours.get(code, 0) + session["jp"]
    return hours


def _signatory(one: dict[str, str]) -> dict[str, str]:
    return {"name": one["name"], "title": one.get("title", ""), "number": one.get("number", "")}


def _city(batch: Batch, lsp: Lsp) -> str:
    """The issuer's city: the last part of its address; else the place of the training."""
    last = "".join(letter for letter in lsp.address.split(",")[-1] if not letter.isdigit()).strip(" .")
    return last if "," in lsp.address and last else (batch.venue.city if batch.venue else "")
