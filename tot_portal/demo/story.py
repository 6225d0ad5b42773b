"""What happens to the people of the demo: three batches, lived through the portal's own services.

The clock is set back for each act, so that stamps, deadlines and waiting order are those of real days.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from batches import services as planning
from batches.models import Batch
from core import clock
from participants import services
from participants.models import Registration
from participants.states import RegistrationStatus as S
from participants.states import Verdict
from tot_portal.demo import application, staff
from tot_portal.demo.cast import Actor

Tell = Callable[[str], None]
PEOPLE = 57  # who send an application; three more have drafts
BLURRED = "Foto buram, tulisan tidak terbaca. Foto ulang di tempat terang."


@dataclass
class Stage:
    """Who acts, and the moment that the story starts from (now)."""

    admin: User
    director: User
    assessors: list[User]
    actors: Iterator[Actor]
    tell: Tell
    now: datetime = field(default_factory=clock.now)

    def day(self, offset: int, hour: int = 9, minute: int = 0) -> datetime:
        """`offset` days from today at that hour in Jakarta; never later than now."""
        local = self.now.astimezone(ZoneInfo("Asia/Jakarta"))
        moment = datetime.combine(local.date() + timedelta(days=offset), time(hour, minute), local.tzinfo)
        return min(moment, self.now)


def finished_batch(stage: Stage) -> Batch:
    """Angkatan 7: from the letter to BNSP to the last day; 18 finished, one withdrew, one was not eligible."""
    batch = staff.plan_batch(
        stage, name="Angkatan 7 Umum 2026", scheme="ASKOM-UMUM", planned=-110, starts=-48, capacity=20, minimum=16,
    )  # fmt: skip
    people = [_sent(stage, batch, day=-95 + number) for number in range(20)]
    for number, registration in enumerate(people):
        with clock.at(stage.day(-74 + number // 4, 10, number)):
            if number == 19:
                _reject(stage, registration)
            else:
                _confirm(stage, registration)
    with clock.at(stage.day(-60)):
        services.withdraw_registration(people[3], "Bentrok dengan dinas luar kota.", by=people[3].person.user)
    staff.run_batch(stage, batch)
    return batch


def full_batch(stage: Stage) -> Batch:
    """Angkatan 8: full, closed, begins soon; three wait, one seat was passed on, one registration was cancelled."""
    batch = staff.plan_batch(
        stage, name="Angkatan 8 Vokasi 2026", scheme="ASKOM-VOKASI", planned=-60, starts=8, capacity=16, minimum=16,
    )  # fmt: skip
    people = [_sent(stage, batch, day=-40 + number) for number in range(20)]
    for number, registration in enumerate(people):
        with clock.at(stage.day(-15, 9, number)):
            _confirm(stage, registration)
    with clock.at(stage.day(-6, 14)):
        services.withdraw_registration(people[5], "Ditugaskan ke daerah.", by=people[5].person.user)
    with clock.at(stage.day(-5, 11)):
        services.cancel_registration(people[18], "Instansi menarik surat tugas.", by=stage.admin)
    with clock.at(stage.day(-3, 16)):
        planning.close_registration(batch, by=stage.admin)
    return batch


def open_batch(stage: Stage, siti: Actor, siti_user: User) -> Batch:
    """Angkatan 9: registration is open; every state in which an application can be."""
    batch = staff.plan_batch(
        stage, name="Angkatan 9 Konstruksi 2026", scheme="ASKOM-KONSTRUKSI", planned=-45, starts=30, capacity=24,
        minimum=20,
    )  # fmt: skip
    with clock.at(stage.day(-1, 19)):
        draft = application.start(siti, batch, siti_user)
        application.fill_identity(draft, siti)
    for number in range(2):
        with clock.at(stage.day(-2, 20, number)):
            application.start(next(stage.actors), batch)
    people = [_sent(stage, batch, day=-7 + number // 3, mistaken=number == 2) for number in range(17)]
    acts: list[tuple[slice, Callable[[Stage, Registration], None]]] = [
        (slice(5, 7), _claim), (slice(7, 10), _return), (slice(10, 12), _find_eligible),
        (slice(12, 15), _confirm), (slice(15, 16), _reject), (slice(16, 17), _withdraw),
    ]  # fmt: skip
    for chosen, act in acts:
        for number, registration in enumerate(people[chosen]):
            with clock.at(stage.day(-2, 10, number)):
                act(stage, registration)
    return batch


def _sent(stage: Stage, batch: Batch, *, day: int, mistaken: bool = False) -> Registration:
    """One more person fills in and sends."""
    actor = next(stage.actors)
    with clock.at(stage.day(day, 8)):
        registration = application.start(actor, batch)
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
