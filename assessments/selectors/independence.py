"""What keeps a senior assessor from recording the exam of a person, and what a director let pass."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, Value
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.models import Appeal, DutyEntry, Record, Relation, Waiver
from assessments.states import AppealStatus, Duty, WaivedRule
from batches.models import Assignment, Batch, Booking, Session
from batches.schedule import TAUGHT
from participants.models import Registration
from participants.states import SEATED

F = Assignment.Function
OVERRULED, TEACHES = "overruled", "teaches"


@dataclass(frozen=True)
class Obstacle:
    """One rule that blocks, and the sentence that says which rule and how to clear it."""

    rule: str
    text: str


@dataclass(frozen=True)
class Independence:
    """Who serves a batch, what was declared and what was waived: answers about many pairs without more queries."""

    batch: Batch
    assignments: dict[int, tuple[Assignment, ...]]  # by user, released ones too
    relations: dict[tuple[int, int], tuple[Relation, ...]]  # live ones by (user, person)
    duties: dict[tuple[int, int], Duty]  # by (user, registration)
    overruled: frozenset[tuple[int, int]]  # (user, registration): recorded an attempt whose appeal was upheld
    waivers: tuple[Waiver, ...]
    teachers: frozenset[int]  # users who are booked for a lesson of the batch, with or without a duty in it

    def obstacles(self, assessor: User, registration: Registration) -> list[Obstacle]:
        """Rules that block this assessor for the exam of this person; what a director waived does not."""
        found = [
            self._own_exam(assessor, registration),
            self._not_serving(assessor),
            self._other_duty(assessor, registration),
            self._overruled(assessor, registration),
        ]
        if self.trained(assessor) and not self.waiver(WaivedRule.OWN_TRAINER, assessor, registration):
            found.append(Obstacle(WaivedRule.OWN_TRAINER.value, _(
                "%(name)s melatih angkatan ini, dan pelatih tidak menguji kelasnya sendiri. Pilih penguji lain, atau "
                "minta pengecualian kepada pimpinan."
            ) % {"name": assessor}))  # fmt: skip
        if not self.waiver(WaivedRule.DECLARED_CONFLICT, assessor, registration):
            found += [self._conflict(assessor, registration, one) for one in self._relations(assessor, registration)]
        return [one for one in found if one]

    def waivers_used(self, assessor: User, registration: Registration) -> list[Waiver]:
        """The exceptions without which something would block; a page names them."""
        rules = []
        if self.trained(assessor):
            rules.append(WaivedRule.OWN_TRAINER)
        if self._relations(assessor, registration):
            rules.append(WaivedRule.DECLARED_CONFLICT)
        used = [self.waiver(rule, assessor, registration) for rule in rules]
        return [one for one in used if one]

    def waiver(self, rule: str, assessor: User, registration: Registration) -> Waiver | None:
        """The exception for this person or, failing that, for the whole class."""
        fitting = [
            one for one in self.waivers
            if one.rule == rule and one.assessor_id == assessor.pk
            and one.registration_id in (None, registration.pk)
        ]  # fmt: skip
        return min(fitting, key=lambda one: (one.registration_id is None, -one.pk), default=None)

    def serves(self, assessor: User, *functions: str) -> bool:
        """Has a live assignment of the batch in one of the functions."""
        mine = self.assignments.get(assessor.pk, ())
        return any(one.released_at is None and one.function in functions for one in mine)

    def trained(self, assessor: User) -> bool:
        """Is a facilitator of the batch, or was one when it had begun: leaving that duty does not undo the lessons.

        A guest who teaches a lesson of it has trained it too.
        """
        return assessor.pk in self.teachers or any(
            one.function == F.FACILITATOR and (one.released_at is None or one.released_at >= self._beginning())
            for one in self.assignments.get(assessor.pk, ())
        )

    def staff(self, *functions: str) -> list[User]:
        """Live staff in the order in which they were assigned."""
        live = [one for mine in self.assignments.values() for one in mine if one.released_at is None]
        return [one.person for one in sorted(live, key=lambda one: one.pk) if one.function in functions]

    def _beginning(self) -> datetime:
        return datetime.combine(self.batch.starts_on, datetime.min.time(), ZoneInfo(self.batch.time_zone))

    def _relations(self, assessor: User, registration: Registration) -> tuple[Relation, ...]:
        return self.relations.get((assessor.pk, registration.person_id), ())

    def _own_exam(self, assessor: User, registration: Registration) -> Obstacle | None:
        if registration.person.user_id != assessor.pk:
            return None
        return Obstacle("own_exam", _("Tidak ada yang menguji dirinya sendiri. Pilih penguji lain."))

    def _not_serving(self, assessor: User) -> Obstacle | None:
        if self.serves(assessor, F.EXAMINER) or self.trained(assessor):  # who trains meets the rule on trainers
            return None
        return Obstacle("not_examiner", _(
            "%(name)s tidak bertugas sebagai penguji angkatan ini. Tambahkan di Atur petugas, atau pilih penguji lain."
        ) % {"name": assessor})  # fmt: skip

    def _other_duty(self, assessor: User, registration: Registration) -> Obstacle | None:
        duty = self.duties.get((assessor.pk, registration.pk))
        if duty in (None, Duty.RECORDS):
            return None
        return Obstacle("other_duty", _(
            "%(name)s sudah bertugas lain untuk peserta ini (%(duty)s). Penguji, penetap hasil, dan pemeriksa banding "
            "harus orang yang berbeda. Pilih penguji lain."
        ) % {"name": assessor, "duty": duty.label})  # fmt: skip

    def _overruled(self, assessor: User, registration: Registration) -> Obstacle | None:
        if (assessor.pk, registration.pk) not in self.overruled:
            return None
        return Obstacle(OVERRULED, _(
            "Banding atas uji yang direkam %(name)s dikabulkan. Uji ulangnya direkam orang lain; pilih penguji lain."
        ) % {"name": assessor})  # fmt: skip

    def _conflict(self, assessor: User, registration: Registration, relation: Relation) -> Obstacle:
        return Obstacle(WaivedRule.DECLARED_CONFLICT.value, _(
            "%(name)s menyatakan hubungan dengan %(person)s (%(kind)s), sehingga tidak boleh mengujinya. Pilih "
            "penguji lain, akhiri pernyataan yang tidak berlaku lagi, atau minta pengecualian kepada pimpinan."
        ) % {"name": assessor, "person": registration.person, "kind": relation.get_kind_display()})  # fmt: skip


def independence_of(batch: Batch) -> Independence:
    """Everything that decides about examiners of a batch; four queries."""
    assignments: dict[int, list[Assignment]] = defaultdict(list)
    for one in Assignment.objects.filter(batch=batch).select_related("person").order_by("id"):
        assignments[one.person_id].append(one)
    relations: dict[tuple[int, int], list[Relation]] = defaultdict(list)
    for relation in live_relations(batch):
        relations[(relation.assessor_id, relation.person_id)].append(relation)
    parts = list(_parts_of(batch))
    return Independence(
        batch,
        {user: tuple(rows) for user, rows in assignments.items()},
        {pair: tuple(rows) for pair, rows in relations.items()},
        {(user, registration): Duty(part) for user, registration, part in parts if part in Duty.values},
        frozenset((user, registration) for user, registration, part in parts if part == OVERRULED),
        tuple(waivers_of(batch)),
        frozenset(user for user, _batch, part in parts if part == TEACHES),
    )


def lessons_of(batch: Batch) -> QuerySet[Booking]:
    """Who is booked for which lesson of the batch; ceremonies, breaks and the exam are none."""
    lessons = Session.objects.live().filter(batch=batch, kind__in=TAUGHT)
    return Booking.objects.filter(session__in=lessons, person__isnull=False)


def _parts_of(batch: Batch) -> QuerySet:
    """(user, registration, duty or OVERRULED) and (user, batch, TEACHES): what staff does for them; one query."""
    duties = DutyEntry.objects.filter(registration__batch=batch).values_list("user", "registration", "duty")
    upheld = Appeal.objects.filter(outcome=AppealStatus.UPHELD, decision__assessment__registration__batch=batch)
    records = Record.objects.filter(role_play__assessment__in=upheld.values("decision__assessment"))
    signed = records.filter(signed_at__isnull=False).order_by()
    overruled = signed.values_list("recorder", "role_play__assessment__registration", Value(OVERRULED))
    lessons = lessons_of(batch).order_by().values_list("person", "session__batch", Value(TEACHES))
    return duties.order_by().union(overruled, lessons)


def obstacles(assessor: User, batch: Batch, registration: Registration) -> list[Obstacle]:
    """Why this assessor may not record the exam of this person; empty means that nothing stands between them."""
    return independence_of(batch).obstacles(assessor, registration)


def sentence(found: Iterable[Obstacle]) -> str:
    """All obstacles in one text."""
    return " ".join(one.text for one in found)


def live_relations(batch: Batch) -> QuerySet[Relation]:
    """Declared ties to people who sit in the batch, by whoever declared them."""
    seated = Registration.objects.filter(batch=batch, status__in=SEATED).values("person")
    live = Relation.objects.filter(ended_at=None, person__in=seated)
    return live.select_related("assessor", "person__user", "declared_by").order_by("assessor__name", "id")


def waivers_of(batch: Batch) -> QuerySet[Waiver]:
    """What the director let pass for the batch, the latest first."""
    waivers = Waiver.objects.filter(batch=batch)
    return waivers.select_related("assessor", "registration__person__user", "granted_by")
