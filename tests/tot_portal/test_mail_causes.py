"""Each kind of mail while its cause holds, and after it is gone: then nothing is sent, and the history says why.

One class serves all cases; each case is undone before the next.
"""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import transaction
from django.utils.dateformat import format as format_date

from accounts.models import User
from assessments.models import Appeal, Assessment, Decision, Record, RolePlay
from assessments.states import AppealStatus, AssessmentStatus, RolePlayStatus
from batches.models import Assignment, Session
from certificates.models import Certificate
from core import clock
from core.audit import record
from notifications import reasons, registry, services
from notifications.models import Email
from notifications.states import EmailStatus
from participants.models import Registration, RegistrationEvent
from participants.states import RegistrationStatus as S
from tests.factories.certificates import confirm_name, make_director, put_certificate
from tests.factories.classes import facilitators_of, make_class, people_of
from tests.factories.plays import make_play
from tests.factories.records import make_record, sign
from tests.factories.results import make_appeal, make_attempt, make_result

pytestmark = pytest.mark.django_db
Case = tuple[Callable[[SimpleNamespace], dict], Callable[[SimpleNamespace], object]]


def told_of(status: str) -> Callable[[SimpleNamespace], dict]:
    """The mail about a step of the registration."""

    def owe(at: SimpleNamespace) -> dict:
        event = RegistrationEvent.objects.create(registration=at.person, to_status=status, reason="Lengkapi KTP.")
        return {"registration_id": at.person.pk, "event_id": event.pk}

    return owe


def then(status: str) -> Callable[[SimpleNamespace], object]:
    return lambda at: RegistrationEvent.objects.create(registration=at.person, to_status=status)


def set_rows(model: type, **values: object) -> Callable[[SimpleNamespace], object]:
    return lambda at: model.objects.update(**values)


def decided(at: SimpleNamespace) -> dict:
    return {"decision_id": make_result(at.person).pk}


def attempt(status: str) -> Callable[[SimpleNamespace], dict]:
    return lambda at: {"assessment_id": make_attempt(at.person, status).pk}


def appealed(status: str) -> Callable[[SimpleNamespace], dict]:
    return lambda at: {"appeal_id": make_appeal(make_result(at.person, "BK"), status).pk}


def sent_back(at: SimpleNamespace) -> dict:
    sheet = sign(make_record(make_play(at.batch, asesor=at.person)))
    entry = record("result_sent_back", sheet, by=None, reason="Periksa unit MAPA.")
    return {"record_id": sheet.pk, "entry_id": entry.pk}


def planned(who: str) -> Callable[[SimpleNamespace], dict]:
    def owe(at: SimpleNamespace) -> dict:
        play = make_play(at.batch, asesor=at.person)
        ids = {"registration_id": at.person.pk} if who == "player" else {"assessor_id": play.assessor_id}
        return {"play_id": play.pk} | ids

    return owe


def certified(at: SimpleNamespace) -> dict:
    return {"certificate_id": put_certificate(at.person, by=at.director, file=False).pk}


def revoked(at: SimpleNamespace) -> dict:
    ids = certified(at)
    revoke(at)
    return ids


def revoke(at: SimpleNamespace) -> None:
    Certificate.objects.update(
        status="revoked", revoked_at=clock.now(), revoked_by=at.director, revoke_reason="Keliru."
    )


def cancelled_play(at: SimpleNamespace) -> dict:
    ids = planned("player")(at)
    RolePlay.objects.update(status=RolePlayStatus.CANCELLED, cancel_reason="Ruang tidak dapat dipakai.")
    return ids


def release_staff(at: SimpleNamespace) -> None:
    Assignment.objects.filter(person=at.facilitator).update(released_at=clock.now(), released_by=at.director)


A, P = AppealStatus, AssessmentStatus
MY_CHANGES = lambda at: {"registration_id": at.person.pk, "since": -1}  # noqa: E731
CASES: dict[str, Case] = {  # kind -> (what it is about, what ends its cause)
    "registration_submitted": (told_of(S.SUBMITTED), then(S.WITHDRAWN)),
    "registration_returned": (told_of(S.RETURNED), then(S.SUBMITTED)),
    "registration_eligible": (told_of(S.ELIGIBLE), then(S.CONFIRMED)),
    "registration_confirmed": (told_of(S.CONFIRMED), then(S.WITHDRAWN)),
    "registration_waitlisted": (told_of(S.WAITLISTED), then(S.CONFIRMED)),
    "registration_promoted": (told_of(S.CONFIRMED), then(S.CANCELLED)),
    "registration_rejected": (told_of(S.REJECTED), then(S.SUBMITTED)),
    "registration_reopened": (told_of(S.SUBMITTED), then(S.REJECTED)),
    "my_schedule_changed": (MY_CHANGES, set_rows(Registration, status=S.WITHDRAWN)),
    "schedule_changed": (
        lambda at: {"batch_id": at.batch.pk, "person_id": at.facilitator.pk, "since": -1}, release_staff,
    ),
    "result_released": (decided, set_rows(Decision, superseded_at=clock.now())),
    "retake_opened": (attempt(P.OPEN), set_rows(Assessment, status=P.VOID, void_reason="Keliru dibuka.")),
    "appeal_filed": (appealed(A.FILED), set_rows(Appeal, status=A.WITHDRAWN)),
    "appeal_accepted": (appealed(A.ACCEPTED), set_rows(Appeal, status=A.WITHDRAWN)),
    "appeal_under_review": (appealed(A.UNDER_REVIEW), set_rows(Appeal, status=A.WITHDRAWN)),
    "appeal_panel_invited": (appealed(A.UNDER_REVIEW), set_rows(Appeal, status=A.WITHDRAWN)),
    "result_sent_back": (sent_back, set_rows(Record, status="replaced")),
    "exam_play_planned": (planned("player"), set_rows(RolePlay, status="cancelled", cancel_reason="Sakit.")),
    "exam_play_assigned": (planned("assessor"), set_rows(RolePlay, assessor=None)),
    "certificate_issued": (certified, revoke),
    "certificate_reissued": (certified, revoke),
    "certificate_name_corrected": (lambda at: {"registration_id": at.person.pk}, lambda at: confirm_name(at.person)),
}  # fmt: skip
LASTING: dict[str, Callable[[SimpleNamespace], dict]] = {  # nothing comes after what these tell
    "notifications.test_mail": lambda at: {},
    "registration_withdrawn": told_of(S.WITHDRAWN),
    "registration_cancelled": told_of(S.CANCELLED),
    "registration_completed": told_of(S.COMPLETED),
    "attempt_voided": attempt(P.VOID),
    "appeal_withdrawn": appealed(A.WITHDRAWN),
    "appeal_panel_released": appealed(A.WITHDRAWN),
    "appeal_closed": appealed(A.CLOSED),
    "role_play_cancelled": cancelled_play,
    "certificate_revoked": revoked,
}
VERDICTS = {"appeal_upheld": A.UPHELD, "appeal_dismissed": A.DISMISSED, "appeal_rejected_formally": A.REJECTED_FORMALLY}
REMINDERS = {  # each says at sending what holds then: tests of the reminders
    "corrections_due", "draft_closing", "sessions_tomorrow", "reviews_due", "duties_tomorrow", "exam_play_tomorrow",
    "records_unsigned", "appeal_due",
}  # fmt: skip


@pytest.fixture
def world():
    batch = make_class(4)
    person = people_of(batch)[0]
    Session.objects.filter(batch=batch).update(schedule_version=1)
    return SimpleNamespace(
        batch=batch, person=person, facilitator=facilitators_of(batch)[0], director=make_director(),
    )  # fmt: skip


def test_every_kind_that_the_portal_writes_is_tried():
    kinds = {kind for kind in registry.written_kinds() if not kind.startswith("tests.")}

    assert kinds == {*CASES, *LASTING, *VERDICTS, *REMINDERS}


def send(kind: str, ids: dict, to: User, end: Callable[[SimpleNamespace], object], at: SimpleNamespace) -> Email:
    """Owes the mail, ends its cause, delivers."""
    email = services.queue_email(kind, to=to, **ids)
    end(at)
    mail.outbox.clear()
    services.deliver_email(email.pk)
    email.refresh_from_db()
    return email


@contextmanager
def undone():
    """A case of its own: what happens inside is taken back; a delivery takes it for the test's own transaction."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def test_cause_that_is_gone_cancels_its_mail(world):
    for kind, (about, end) in CASES.items():
        with undone():
            email = send(kind, about(world), world.person.person.user, end, world)
            assert email.subject, f"{kind}: had no cause when it was owed"
            assert (email.status, mail.outbox) == (EmailStatus.CANCELLED, []), kind
            assert reasons.code_of(email.events.last().reason) == "gone", kind


def test_what_nothing_overtakes_is_sent(world):
    for kind, about in LASTING.items():
        with undone():
            email = send(kind, about(world), world.person.person.user, lambda at: None, world)
            assert email.status == EmailStatus.SENT, kind


def test_verdict_is_told_even_when_the_file_is_closed_already(world):
    for kind, status in VERDICTS.items():
        with undone():
            close = set_rows(Appeal, status=A.CLOSED)
            email = send(kind, appealed(status)(world), world.person.person.user, close, world)
            assert email.status == EmailStatus.SENT, kind


def test_receipt_is_sent_while_the_desk_looks_at_the_file(world):
    ids = told_of(S.SUBMITTED)(world)
    for status in [S.IN_REVIEW, S.SUBMITTED, S.IN_REVIEW]:
        then(status)(world)

    assert registry.render("registration_submitted", ids, "id") is not None


def test_moved_session_is_right_in_a_mail_queued_before(world):
    session = Session.objects.filter(batch=world.batch).last()
    Session.objects.filter(pk=session.pk).update(schedule_version=2)
    to, ids = world.person.person.user, {"registration_id": world.person.pk, "since": 1}
    email = services.queue_email("my_schedule_changed", to=to, **ids)
    moved = session.starts_at + timedelta(days=40)
    Session.objects.filter(pk=session.pk).update(period=(moved, moved + timedelta(hours=1)))

    services.deliver_email(email.pk)

    email.refresh_from_db()
    assert format_date(moved.astimezone(ZoneInfo(world.batch.time_zone)), "j F") in email.body_text


def test_mails_that_ask_for_an_act_say_until_when(world):
    """In the subject from current facts, and in the text."""
    due_on = clock.today() + timedelta(days=9)
    Registration.objects.update(return_due_on=due_on)
    told = {"registration_returned": told_of(S.RETURNED), "appeal_panel_invited": appealed(A.UNDER_REVIEW)}

    for kind, about in told.items():
        ids = about(world)
        Appeal.objects.update(answer_due_on=due_on)
        message = registry.render(kind, ids, "id")
        assert message.subject.startswith(f"[Perlu tindakan, paling lambat {format_date(due_on, 'j M Y')}]"), kind
        assert format_date(due_on, "j F Y") in message.text, kind
