"""What happens to the people of the demo: four batches, lived through the portal's own services.

The clock is set back for each act, so that stamps, deadlines and waiting order are those of real days.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from accounts.services import update_lsp
from assessments import services as results
from batches import services as planning
from batches.models import Batch
from core import clock
from notifications.services import mark_all_read
from participants import services
from participants.models import Registration
from participants.states import RegistrationStatus as S
from participants.states import Verdict
from tot_portal.demo import application, post, staff, training
from tot_portal.demo.cast import Actor

Tell = Callable[[str], None]
PEOPLE = 60  # applications that are sent; three more stay drafts
BLURRED = "Foto buram, tulisan tidak terbaca. Foto ulang di tempat terang."


@dataclass(frozen=True)
class Siti:
    """The participant whom the demo's bar lets in: finished one training, is in another, drafts a third."""

    actor: Actor
    user: User


@dataclass
class Stage:
    """Who acts, and the moment that the story starts from (now)."""

    admin: User
    director: User
    siti: "Siti"
    assessors: list[User]
    actors: Iterator[Actor]
    tell: Tell
    now: datetime = field(default_factory=clock.now)

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Runs its block at that moment, and lets the mails that it owes arrive then."""
        with clock.at(moment):
            yield
            post.let_it_arrive()

    def day(self, offset: int, hour: int = 9, minute: int = 0) -> datetime:
        """`offset` days from today at that hour in Jakarta; never later than now."""
        local = self.now.astimezone(ZoneInfo("Asia/Jakarta"))
        moment = datetime.combine(local.date() + timedelta(days=offset), time(hour, minute), local.tzinfo)
        return min(moment, self.now)


def finished_batch(stage: Stage) -> Batch:
    """Angkatan 7: from the letter to BNSP to the certificates; 18 finished, one withdrew, one was not eligible.

    One of them repeated a unit, one appealed in vain, one has not confirmed the name yet, one got a corrected paper.
    """
    batch = staff.plan_batch(
        stage, name="Angkatan 7 Umum 2026", scheme="ASKOM-UMUM", planned=-110, starts=-48, capacity=20, minimum=16,
    )  # fmt: skip
    people = [_sent(stage, batch, day=-95, who=stage.siti)]
    people += [_sent(stage, batch, day=-94 + number) for number in range(19)]
    for number, registration in enumerate(people):
        with stage.at(stage.day(-74 + number // 4, 10, number)):
            if number == 19:
                _reject(stage, registration)
            else:
                _confirm(stage, registration)
    with stage.at(stage.day(-60)):
        services.withdraw_registration(people[3], "Bentrok dengan dinas luar kota.", by=people[3].person.user)
    _begin(stage, batch, first=-48)
    class_ = training.seated(batch)
    sick, repeats, appeals, silent = class_[4], class_[6], class_[9], class_[12]
    training.practise(stage, batch, recorded=6)
    with stage.at(stage.day(-43, 7)):
        planning.start_examination(batch, by=stage.admin)
    training.hold_sessions(stage, batch, until=stage.day(-42), missed={sick.pk: 2})
    training.examine(stage, batch, not_yet=[repeats.pk, appeals.pk], minutes=40)
    training.decide(stage, batch, minutes="BA-07/PLENO/2026", at=stage.day(-41))
    training.appeal(stage, appeals, at=stage.day(-39))
    training.retake(stage, repeats, at=stage.day(-36))
    training.decide(stage, batch, minutes="BA-08/PLENO/2026", at=stage.day(-35))
    training.confirm_names([one for one in class_ if one != silent], at=stage.day(-34))
    training.issue(stage, batch, at=stage.day(-33, 10))
    corrected = class_[8]
    training.correct_one_name(stage, corrected, f"{corrected.person.full_name}, S.T.", at=stage.day(-30))
    with stage.at(stage.day(-20)):
        results.complete_batch(batch, by=stage.admin)
        mark_all_read(until=clock.now(), by=stage.siti.user)
    return batch


def running_batch(stage: Stage) -> Batch:
    """Angkatan 8: today is its exam. Two rounds are recorded, one sheet has been begun, the rest is to come."""
    batch = staff.plan_batch(
        stage, name="Angkatan 8 Vokasi 2026", scheme="ASKOM-VOKASI", planned=-70, starts=-3, capacity=12, minimum=8,
        turned=True,
    )  # fmt: skip
    people = [_sent(stage, batch, day=-40, who=stage.siti)]
    people += [_sent(stage, batch, day=-39 + number) for number in range(12)]
    for number, registration in enumerate(people[:12]):
        with stage.at(stage.day(-15, 9, number)):
            _confirm(stage, registration)
    with stage.at(stage.day(-14)):
        services.cancel_registration(people[12], "Instansi menarik surat tugas.", by=stage.admin)
    training.use_rooms(stage, batch, day=-20)
    _begin(stage, batch, first=-3)
    class_ = training.seated(batch)
    training.practise(stage, batch, recorded=4)
    training.hold_sessions(stage, batch, until=stage.day(0, 0))
    with stage.at(stage.day(0, 7)):
        planning.start_examination(batch, by=stage.admin)
    waiting = training.examine(stage, batch, not_yet=[class_[7].pk], rounds=2, minutes=55)
    mine = next(play for play in waiting if play.assessor == stage.assessors[0])
    training.begin_record(stage, mine, criteria=18)
    return batch


def full_batch(stage: Stage) -> Batch:
    """Angkatan 9: full, closed, begins soon; three wait, one seat was passed on."""
    batch = staff.plan_batch(
        stage, name="Angkatan 9 Umum 2026", scheme="ASKOM-UMUM", planned=-60, starts=12, capacity=6, minimum=6,
    )  # fmt: skip
    people = [_sent(stage, batch, day=-40 + number) for number in range(10)]
    for number, registration in enumerate(people):
        with stage.at(stage.day(-15, 9, number)):
            _confirm(stage, registration)
    with stage.at(stage.day(-6, 14)):
        services.withdraw_registration(people[5], "Ditugaskan ke daerah.", by=people[5].person.user)
    with stage.at(stage.day(-3, 16)):
        planning.close_registration(batch, by=stage.admin)
    return batch


def open_batch(stage: Stage) -> Batch:
    """Angkatan 10: registration is open; every state in which an application can be.

    From here on the LSP holds decisions: those of this batch wait for their release.
    """
    batch = staff.plan_batch(
        stage, name="Angkatan 10 Konstruksi 2026", scheme="ASKOM-KONSTRUKSI", planned=-45, starts=30, capacity=24,
        minimum=20,
    )  # fmt: skip
    with stage.at(stage.day(-1, 19)):
        draft = application.start(stage.siti.actor, batch, stage.siti.user)
        application.fill_identity(draft, stage.siti.actor)
    for number in range(2):
        with stage.at(stage.day(-2, 20, number)):
            application.start(next(stage.actors), batch)
    people = [_sent(stage, batch, day=-7 + number // 3, mistaken=number == 2) for number in range(17)]
    with stage.at(stage.day(-3, 16)):
        update_lsp({"hold_decisions": True}, by=stage.admin)
    acts: list[tuple[slice, Callable[[Stage, Registration], None]]] = [
        (slice(5, 7), _claim), (slice(7, 10), _return), (slice(10, 12), _find_eligible),
        (slice(12, 15), _confirm), (slice(15, 16), _reject), (slice(16, 17), _withdraw),
    ]  # fmt: skip
    for chosen, act in acts:
        for number, registration in enumerate(people[chosen]):
            with stage.at(stage.day(-2, 10, number)):
                act(stage, registration)
    return batch


def _begin(stage: Stage, batch: Batch, *, first: int) -> None:
    """Registration closes, and the first day comes."""
    with stage.at(stage.day(first - 4, 8)):
        planning.close_registration(batch, by=stage.admin)
    with stage.at(stage.day(first, 7)):
        planning.start_batch(batch, by=stage.admin)


def _sent(stage: Stage, batch: Batch, *, day: int, mistaken: bool = False, who: "Siti | None" = None) -> Registration:
    """One more person, or `who`, fills in and sends."""
    actor = who.actor if who else next(stage.actors)
    with stage.at(stage.day(day, 8)):
        registration = application.start(actor, batch, who.user if who else None)
        application.fill(registration, actor, mistaken_birth_date=mistaken)
        services.submit_registration(registration, by=registration.person.user)
    stage.tell(f"{batch.name}: {actor.name}")
    return registration


def _claim(stage: Stage, registration: Registration) -> None:
    services.claim_for_review(registration, by=stage.admin)


def _find_eligible(stage: Stage, registration: Registration) -> None:
    _claim(stage, registration)
    services.accept_all_documents(registration, by=stage.admin)
    services.find_eligible(registration, by=stage.admin)
    post.let_it_arrive()  # before the next decision overtakes it


def _confirm(stage: Stage, registration: Registration) -> None:
    _find_eligible(stage, registration)
    services.confirm_registration(registration, by=stage.admin)


def _return(stage: Stage, registration: Registration) -> None:
    _claim(stage, registration)
    documents = list(registration.documents.filter(superseded_at=None, source="upload"))
    for document in documents[1:]:
        services.judge_document(document, Verdict.ACCEPTED, by=stage.admin)
    services.judge_document(documents[0], Verdict.RETURNED, BLURRED, by=stage.admin)
    services.return_registration(registration, by=stage.admin)


def _reject(stage: Stage, registration: Registration) -> None:
    _claim(stage, registration)
    services.reject_registration(
        registration, "Sertifikat kompetensi teknis tidak sesuai dengan bidang yang akan diases.", by=stage.admin
    )


def _withdraw(stage: Stage, registration: Registration) -> None:
    services.withdraw_registration(registration, "Memilih angkatan berikutnya.", by=registration.person.user)


def days_ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def states_shown() -> set[str]:
    """The states that the demo's registrations are in; the command checks that none is missing."""
    return set(Registration.objects.values_list("status", flat=True)) & set(S.values)
