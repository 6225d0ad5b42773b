"""The issue checklist: what a certificate asks for, per person, from facts. Page and service read the same list."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Lsp
from assessments.selectors.attendance import AttendanceFacts, attendance_of, attendance_of_people, certificate_gate
from assessments.selectors.results import PersonResult, result_of, results_for
from batches.models import Batch
from certificates.models import Certificate
from certificates.selectors.paper import name_refusal, paper_refusal
from certificates.states import CertificateStatus
from core.templatetags.ui import short_day
from participants.models import Registration
from participants.states import SEATED

STAFF, PARTICIPANT = "staff", "participant"
PAPER = "paper"
S = CertificateStatus


@dataclass(frozen=True)
class Requirement:
    """One line. `detail` says how things stand; `mend` is the address where it can be mended, or ''.

    `by_admin`: only an admin may open that address.
    """

    code: str
    label: str
    met: bool
    detail: str
    mend: str = ""
    by_admin: bool = False


@dataclass(frozen=True)
class PersonChecklist:
    """One person's lines with the certificate in force, and the latest one that was revoked."""

    registration: Registration
    requirements: tuple[Requirement, ...]
    certificate: Certificate | None = None
    revoked: Certificate | None = None

    @property
    def is_met(self) -> bool:
        return all(requirement.met for requirement in self.requirements)

    @property
    def is_ready(self) -> bool:
        """Everything is met and no certificate is in force."""
        return self.is_met and self.certificate is None

    @property
    def is_ticked(self) -> bool:
        """Chosen beforehand on the board; after a revocation the director has to choose."""
        return self.is_ready and self.revoked is None

    @property
    def missing(self) -> tuple[Requirement, ...]:
        return tuple(requirement for requirement in self.requirements if not requirement.met)

    @property
    def own_missing(self) -> tuple[Requirement, ...]:
        """What is missing of this person; what the paper lacks is mended for the whole class."""
        return tuple(requirement for requirement in self.missing if requirement.code != PAPER)


def issue_checklist(registration: Registration, *, viewer: str = STAFF) -> PersonChecklist:
    """One person's checklist. `viewer` PARTICIPANT gets the links of his or her own pages."""
    facts, result = attendance_of(registration), result_of(registration)
    lsp, papers = Lsp.current(), list(registration.certificates.order_by("pk"))
    refusal = "" if _in_force(papers) else paper_refusal(registration.batch, lsp)
    return _with_certificates(registration, _requirements(registration, facts, result, lsp, refusal, viewer), papers)


def batch_checklists(batch: Batch, lsp: Lsp | None = None) -> list[PersonChecklist]:
    """Everybody who has or had a seat, by name; the number of queries does not depend on how many."""
    lsp = lsp or Lsp.current()
    people = list(Registration.objects.filter(batch=batch, status__in=SEATED).select_related("person__user"))
    ids = [person.pk for person in people]
    attendance, results = attendance_of_people(batch, ids), results_for(ids)
    papers: dict[int, list[Certificate]] = {}
    for certificate in Certificate.objects.filter(registration__batch=batch).order_by("pk"):
        papers.setdefault(certificate.registration_id, []).append(certificate)
    lists, refusal = [], paper_refusal(batch, lsp) if people else ""
    for person in people:
        person.batch = batch
        own = papers.get(person.pk, [])
        obstacle = "" if _in_force(own) else refusal
        lines = _requirements(person, attendance.get(person.pk), results.get(person.pk), lsp, obstacle, STAFF)
        lists.append(_with_certificates(person, lines, own))
    return sorted(lists, key=lambda one: (name_of(one.registration).casefold(), one.registration.pk))


def name_of(registration: Registration) -> str:
    """The confirmed name, else the name with titles as typed."""
    return registration.certificate_name or registration.person.display_name


def _with_certificates(
    registration: Registration, lines: tuple[Requirement, ...], papers: Iterable[Certificate]
) -> PersonChecklist:
    newest_first = sorted(papers, key=lambda paper: -paper.pk)
    live = _in_force(newest_first)
    revoked = next((paper for paper in newest_first if paper.status == S.REVOKED), None)
    return PersonChecklist(registration, lines, live, None if live else revoked)


def _in_force(papers: Iterable[Certificate]) -> Certificate | None:
    """The certificate in force: whoever has one waits for no paper."""
    return next((paper for paper in papers if paper.status == S.ISSUED), None)


def _requirements(
    registration: Registration,
    facts: AttendanceFacts | None,
    result: PersonResult | None,
    lsp: Lsp,
    refusal: str,
    viewer: str,
) -> tuple[Requirement, ...]:
    return (
        _seat(registration, viewer),
        _attendance(registration, facts, viewer),
        _result(registration, result, viewer),
        _appeal(registration, result, viewer),
        _name(registration, viewer),
        _signatories(lsp, viewer),
        _paper(registration, refusal, viewer),
    )


def _seat(registration: Registration, viewer: str) -> Requirement:
    met = registration.status in SEATED
    detail = _("Kursi terkonfirmasi.") if met else _("Peserta tidak memegang kursi pada angkatan ini.")
    mend = _own("participants:registration_detail", registration) if viewer == PARTICIPANT else ""
    return Requirement("seat", _("Kursi"), met, detail, mend)


def _attendance(registration: Registration, facts: AttendanceFacts | None, viewer: str) -> Requirement:
    mend = _page(viewer, registration, "assessments:my_attendance", "assessments:attendance_board")
    if facts is None:
        return Requirement("attendance", _("Kehadiran"), False, _("Kehadiran belum dicatat."), mend)
    gate = certificate_gate(registration.batch, facts)
    return Requirement("attendance", _("Kehadiran"), gate.met, gate.detail, mend)


def _result(registration: Registration, result: PersonResult | None, viewer: str) -> Requirement:
    """Nothing of a decision that is not released reaches the page, for staff neither: it has a page of its own."""
    mend = _page(viewer, registration, "assessments:my_result", "assessments:result_board")
    decision = result.decision if result else None
    if result and result.is_competent and decision:
        detail = _("Lulus uji, hasil dirilis %(day)s.") % {"day": short_day(decision.released_at)}
        return Requirement("result", _("Hasil uji"), True, detail, mend)
    if decision and decision.released_at:
        detail = _("Belum kompeten (BK).")
    elif decision:
        detail = _("Hasil sudah diputuskan, tetapi belum dirilis.")
    else:
        detail = _("Hasil belum diputuskan.")
    if viewer == PARTICIPANT and not (decision and decision.released_at):
        detail = _("Hasil belum dirilis.")
    return Requirement("result", _("Hasil uji"), False, detail, mend)


def _appeal(registration: Registration, result: PersonResult | None, viewer: str) -> Requirement:
    is_open = bool(result and result.has_open_appeal)
    detail = _("Ada banding yang masih berjalan.") if is_open else _("Tidak ada banding yang masih berjalan.")
    mend = _page(viewer, registration, "assessments:my_result", "assessments:result_board")
    return Requirement("appeal", _("Banding"), not is_open, detail, mend)


def _name(registration: Registration, viewer: str) -> Requirement:
    met = registration.name_confirmed_at is not None
    if met:
        detail = _("Akan dicetak: %(name)s.") % {"name": registration.certificate_name}
    elif viewer == PARTICIPANT:
        detail = _("Anda belum mengonfirmasi nama yang akan dicetak.")
    else:
        detail = _("Peserta belum mengonfirmasi nama yang akan dicetak.")
    route = "certificates:confirm_name" if viewer == PARTICIPANT else "certificates:correct_name"
    mend = _own(route, registration)
    return Requirement("name", _("Nama pada sertifikat"), met, detail, mend, by_admin=viewer == STAFF)


def _signatories(lsp: Lsp, viewer: str) -> Requirement:
    met = bool(lsp.signatories)
    detail = ", ".join(one["name"] for one in lsp.signatories) or _("LSP belum menulis siapa yang menandatangani.")
    mend = "" if viewer == PARTICIPANT else reverse("lsp_settings") + "#signatories"
    return Requirement("signatories", _("Penanda tangan"), met, detail, mend, by_admin=True)


def _paper(registration: Registration, refusal: str, viewer: str) -> Requirement:
    """`refusal` is the class's. Without it the service would refuse, or take a number that never becomes a file."""
    if not refusal and registration.name_confirmed_at is not None:
        refusal = name_refusal(registration)
    detail = refusal or _("Dapat dicetak.")
    if refusal and viewer == PARTICIPANT:
        detail = _("Isinya belum dapat dicetak. LSP perlu memperbaikinya lebih dahulu.")
    return Requirement(PAPER, _("Isi sertifikat"), not refusal, detail)


def _page(viewer: str, registration: Registration, own: str, desk: str) -> str:
    return _own(own, registration) if viewer == PARTICIPANT else reverse(desk, args=[registration.batch.code])


def _own(route: str, registration: Registration) -> str:
    return reverse(route, args=[registration.code])
