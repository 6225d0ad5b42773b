"""What participants have to do in the trainings in which they sit: the next step of each, read from all floors."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import PlayDecision, RolePlay, Seat
from assessments.selectors.results import PersonResult, results_for
from assessments.services.records import TRAINEE
from assessments.states import PlayRole, RolePlayStatus
from batches.models import Session, SessionKind
from certificates.models import Certificate
from core import clock
from core.templatetags.ui import clock as hour
from core.templatetags.ui import in_zone, weekday_date
from participants.models import Registration
from participants.states import SEATED, RegistrationStatus


@dataclass(frozen=True)
class Step:
    """One thing to do or to know, with its page."""

    title: str
    text: str
    url: str
    label: str


def training_steps(registrations: Iterable[Registration]) -> dict[int, list[Step]]:
    """By registration id, the most urgent first; the number of queries does not depend on how many there are."""
    seated = {one.pk: one for one in registrations if one.status in SEATED}
    if not seated:
        return {}
    results, papers = results_for(list(seated)), _papers(seated)
    learning = [one for one in seated.values() if one.status == RegistrationStatus.CONFIRMED]
    owed, coming = _owed_decisions(learning), _next_sessions({one.batch_id for one in learning})
    steps: dict[int, list[Step]] = {}
    for pk, registration in seated.items():
        found = [
            _paper(registration, results[pk], papers.get(pk)),
            _decision(owed.get(pk)),
            _result(registration, results[pk]),
            _session(registration, coming.get(registration.batch_id)),
        ]
        steps[pk] = [step for step in found if step]
    return steps


def _paper(registration: Registration, result: PersonResult, certificate: Certificate | None) -> Step | None:
    page = reverse("certificates:my_certificate", args=[registration.code])
    if certificate and certificate.file_id:
        text = _("Nomor %(number)s. Unduh berkasnya, atau bagikan alamat pemeriksaannya.") % {
            "number": certificate.number
        }
        return Step(_("Sertifikat Anda sudah terbit"), text, page, _("Lihat sertifikat"))
    if result.is_competent and not registration.name_confirmed_at:
        text = _("Nama dicetak persis seperti yang Anda setujui.")
        url = reverse("certificates:confirm_name", args=[registration.code])
        return Step(_("Periksa nama pada sertifikat"), text, url, _("Periksa nama"))
    return None


def _decision(play: RolePlay | None) -> Step | None:
    if play is None:
        return None
    text = _("Anda memerankan asesor. Tulis keputusan Anda, lalu bandingkan dengan keputusan asesor senior.")
    url = reverse("assessments:my_decision", args=[play.code])
    return Step(_("Tulis keputusan role play Anda"), text, url, _("Tulis keputusan"))


def _result(registration: Registration, result: PersonResult) -> Step | None:
    if result.decision is None or result.decision.released_at is None:
        return None
    text = _("Hasil per unit, alasannya, dan langkah berikutnya.")
    return Step(
        _("Hasil uji sudah dirilis"), text, reverse("assessments:my_result", args=[registration.code]), _("Lihat hasil")
    )


def _session(registration: Registration, session: Session | None) -> Step | None:
    if session is None:
        return None
    zone = registration.batch.time_zone
    text = f"{weekday_date(in_zone(session.starts_at, zone))}, {hour(session.starts_at, zone)}"
    url = reverse("participants:my_schedule", args=[registration.code])
    return Step(_("Sesi berikutnya: %(title)s") % {"title": session.title}, text, url, _("Lihat jadwal"))


def _papers(seated: Iterable[int]) -> dict[int, Certificate]:
    return {one.registration_id: one for one in Certificate.objects.live().filter(registration__in=seated)}


def _owed_decisions(learning: Iterable[Registration]) -> dict[int, RolePlay]:
    """The first finished play of each in the part of the asesor on whose asesi he or she has not decided yet."""
    decided = PlayDecision.objects.filter(role_play=OuterRef("role_play"), role=TRAINEE)
    seats = Seat.objects.filter(registration__in=learning, role=PlayRole.ASESOR).filter(~Exists(decided))
    over = seats.filter(
        role_play__status=RolePlayStatus.FINISHED, role_play__round__rotation__mode="formative",
        role_play__round__rotation__status="published",
    )  # fmt: skip
    rows = over.select_related("role_play").order_by("-role_play__round__number")
    return {seat.registration_id: seat.role_play for seat in rows}


def _next_sessions(batches: set[int]) -> dict[int, Session]:
    coming = Session.objects.live().filter(batch__in=batches, period__endswith__gt=clock.now())
    rows = coming.exclude(kind=SessionKind.BREAK).order_by("batch_id", "period").distinct("batch_id")
    return {session.batch_id: session for session in rows}
