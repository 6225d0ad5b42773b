"""States of attendance, rotations, role plays, records, assessments and appeals, and the moves between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AttendanceStatus(TextChoices):
    PRESENT = "present", _("Hadir")
    LATE = "late", _("Terlambat")
    EXCUSED = "excused", _("Izin")
    SICK = "sick", _("Sakit")
    ABSENT = "absent", _("Alpa")
    MADE_UP = "made_up", _("Susulan")  # approved afterwards, with a reason

    @property
    def tone(self) -> str:
        return {"present": "ok", "late": "warn", "made_up": "ok", "absent": "err"}.get(self.value, "warn")


COUNTS = (AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.MADE_UP)  # as attended
ROLL_CALL = tuple(status for status in AttendanceStatus if status != AttendanceStatus.MADE_UP)


class Mode(TextChoices):
    """What a rotation is for; retakes are single plays after a decision."""

    FORMATIVE = "formative", _("Latihan")
    SUMMATIVE = "summative", _("Uji")
    RETAKE = "retake", _("Uji ulang")

    @property
    def is_exam(self) -> bool:
        return self != Mode.FORMATIVE


class RotationStatus(TextChoices):
    DRAFT = "draft", _("Draf")
    PUBLISHED = "published", _("Dipakai")
    REPLACED = "replaced", _("Digantikan")

    @property
    def tone(self) -> str:
        return {"published": "ok", "draft": "warn"}.get(self.value, "plain")


class RolePlayStatus(TextChoices):
    SCHEDULED = "scheduled", _("Dijadwalkan")
    RUNNING = "running", _("Berlangsung")
    FINISHED = "finished", _("Selesai")
    CANCELLED = "cancelled", _("Dibatalkan")

    @property
    def tone(self) -> str:
        return {"running": "rev", "finished": "ok", "cancelled": "err"}.get(self.value, "info")


class PlayRole(TextChoices):
    ASESOR = "asesor", _("Asesor")
    ASESI = "asesi", _("Asesi")
    PENGAMAT = "pengamat", _("Pengamat")


class Value(TextChoices):
    """What is recorded of a criterion; "" is unrecorded. Of evidence only Y and T."""

    YES = "Y", _("Ya")
    NO = "T", _("Tidak")
    NOT_RELEVANT = "TR", _("Tidak relevan")


class Aspect(TextChoices):
    """The four rules of evidence (VATM); a criterion has the aspect ""."""

    VALID = "VALID", _("Valid")
    AUTHENTIC = "ASLI", _("Asli")
    CURRENT = "TERKINI", _("Terkini")
    SUFFICIENT = "MEMADAI", _("Memadai")


class Result(TextChoices):
    COMPETENT = "K", _("Kompeten")
    NOT_YET = "BK", _("Belum kompeten")

    @property
    def tone(self) -> str:
        return "ok" if self == Result.COMPETENT else "warn"


class RecordStatus(TextChoices):
    DRAFT = "draft", _("Draf")
    SIGNED = "signed", _("Ditandatangani")
    REPLACED = "replaced", _("Digantikan")
    VOID = "void", pgettext_lazy("state", "Batal")

    @property
    def tone(self) -> str:
        return {"signed": "ok", "draft": "warn"}.get(self.value, "plain")


class AssessmentStatus(TextChoices):
    OPEN = "open", _("Belum diputuskan")
    RECOMMENDED = "recommended", _("Direkomendasikan")
    DECIDED = "decided", _("Ditetapkan")
    VOID = "void", pgettext_lazy("state", "Batal")

    @property
    def tone(self) -> str:
        return {"open": "info", "recommended": "rev", "decided": "ok"}.get(self.value, "plain")


class AppealStatus(TextChoices):
    FILED = "filed", _("Diajukan")
    ACCEPTED = "accepted", _("Diterima")
    UNDER_REVIEW = "under_review", _("Diperiksa")
    REJECTED_FORMALLY = "rejected_formally", _("Ditolak formil")
    UPHELD = "upheld", _("Dikabulkan")
    DISMISSED = "dismissed", _("Ditolak")
    CLOSED = "closed", _("Ditutup")
    WITHDRAWN = "withdrawn", pgettext_lazy("appeal", "Dicabut")

    @property
    def tone(self) -> str:
        return {
            "filed": "info", "accepted": "info", "under_review": "rev", "upheld": "ok", "dismissed": "warn",
            "rejected_formally": "warn",
        }.get(self.value, "plain")  # fmt: skip


class Duty(TextChoices):
    """What somebody of the staff does for one participant; nobody does two of them."""

    RECORDS = "records", _("Merekam uji")
    DECIDES = "decides", _("Menetapkan hasil")
    HEARS_APPEAL = "hears_appeal", _("Memeriksa banding")


class WaivedRule(TextChoices):
    OWN_TRAINER = "own_trainer", _("Fasilitator menguji kelasnya sendiri")
    DECLARED_CONFLICT = "declared_conflict", _("Hubungan yang dinyatakan")


ROTATION: dict[RotationStatus, frozenset[RotationStatus]] = {
    RotationStatus.DRAFT: frozenset({RotationStatus.PUBLISHED}),
    RotationStatus.PUBLISHED: frozenset({RotationStatus.REPLACED}),
    RotationStatus.REPLACED: frozenset(),
}
ROLE_PLAY: dict[RolePlayStatus, frozenset[RolePlayStatus]] = {
    RolePlayStatus.SCHEDULED: frozenset({RolePlayStatus.RUNNING, RolePlayStatus.CANCELLED}),
    RolePlayStatus.RUNNING: frozenset({RolePlayStatus.FINISHED, RolePlayStatus.CANCELLED}),
    RolePlayStatus.FINISHED: frozenset(),
    RolePlayStatus.CANCELLED: frozenset(),
}
RECORD: dict[RecordStatus, frozenset[RecordStatus]] = {
    RecordStatus.DRAFT: frozenset({RecordStatus.SIGNED, RecordStatus.VOID}),
    RecordStatus.SIGNED: frozenset({RecordStatus.REPLACED}),
    RecordStatus.REPLACED: frozenset(),
    RecordStatus.VOID: frozenset(),
}
ASSESSMENT: dict[AssessmentStatus, frozenset[AssessmentStatus]] = {
    AssessmentStatus.OPEN: frozenset({AssessmentStatus.RECOMMENDED, AssessmentStatus.VOID}),
    AssessmentStatus.RECOMMENDED: frozenset(
        {AssessmentStatus.DECIDED, AssessmentStatus.OPEN, AssessmentStatus.VOID}  # open: its record is corrected
    ),
    AssessmentStatus.DECIDED: frozenset(),
    AssessmentStatus.VOID: frozenset(),
}
A = AppealStatus
APPEAL: dict[AppealStatus, frozenset[AppealStatus]] = {
    A.FILED: frozenset({A.ACCEPTED, A.REJECTED_FORMALLY, A.WITHDRAWN}),
    A.ACCEPTED: frozenset({A.UNDER_REVIEW, A.WITHDRAWN}),
    A.UNDER_REVIEW: frozenset({A.UPHELD, A.DISMISSED, A.WITHDRAWN}),
    A.REJECTED_FORMALLY: frozenset({A.CLOSED}),
    A.UPHELD: frozenset({A.CLOSED}),
    A.DISMISSED: frozenset({A.CLOSED}),
    A.CLOSED: frozenset(),
    A.WITHDRAWN: frozenset(),
}
APPEAL_OUTCOMES = [(one.value, one.label) for one in (A.UPHELD, A.DISMISSED, A.REJECTED_FORMALLY)]
OPEN_APPEAL = (A.FILED, A.ACCEPTED, A.UNDER_REVIEW)  # freezes what follows from the decision
