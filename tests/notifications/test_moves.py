"""What people do with mails that wait: release, send again, take back; one or many."""

from datetime import timedelta

import pytest
from django.core import mail

from core import clock
from core.errors import TransitionNotAllowed
from core.models import AuditEntry
from core.transitions import check_transition
from notifications import services
from notifications.errors import MailHeld, MailInFlight, TooManyTrials
from notifications.models import Email, EmailEvent
from notifications.registry import Message
from notifications.services import moves
from notifications.services.trial import MOST_A_MINUTE
from notifications.states import TRANSITIONS, EmailStatus

pytestmark = pytest.mark.django_db
S = EmailStatus


def test_held_mail_waits_until_it_is_released(owe, participant, django_capture_on_commit_callbacks, monkeypatch):
    asked = []
    monkeypatch.setattr("notifications.tasks.deliver_email.delay", asked.append)
    with django_capture_on_commit_callbacks(execute=True):
        email = owe(participant, hold=True)
    services.deliver_email(email.pk)
    assert (email.status, asked, services.sweep_outbox(), mail.outbox) == (S.HELD, [], [], [])

    with django_capture_on_commit_callbacks(execute=True):
        released = services.release_held("tests.greeting", thing_id=7)

    assert (released, asked, services.sweep_outbox()) == (1, [email.pk], [email.pk])
    services.deliver_email(email.pk)
    assert len(mail.outbox) == 1


def test_release_held_touches_only_what_it_names_and_only_once(owe, participant):
    mine, other = owe(participant, hold=True), owe(participant, thing_id=8, hold=True)
    plain = owe(participant)

    assert services.release_held("tests.greeting", thing_id=7) == 1
    assert services.release_held("tests.greeting", thing_id=7) == 0
    assert services.release_held("tests.other", thing_id=8) == 0

    states = dict(Email.objects.values_list("pk", "status"))
    assert states == {mine.pk: S.QUEUED, other.pk: S.HELD, plain.pk: S.QUEUED}


def test_held_mail_may_be_cancelled_but_not_tried_again(owe, participant, admin):
    email = owe(participant, hold=True)

    with pytest.raises(TransitionNotAllowed):
        check_transition(TRANSITIONS, email.status, S.SENDING)

    assert services.cancel_email(email, by=admin).status == S.CANCELLED


def failed_mail(owe, participant):
    email = owe(participant)
    Email.objects.update(status=S.FAILED, failure_reason="login_refused: 535", attempts=1)
    return email


def test_retry_email_starts_over_and_is_on_record(owe, participant, admin):
    email = services.retry_email(failed_mail(owe, participant), by=admin)

    services.deliver_email(email.pk)

    email.refresh_from_db()
    assert (email.status, email.attempts) == (S.SENT, 1)
    entry = AuditEntry.objects.get(act="email_retried")
    assert (entry.actor_id, entry.subject_id) == (admin.pk, participant.pk)


def test_retry_email_of_a_sent_mail_is_refused(owe, participant, admin):
    email = owe(participant)
    services.deliver_email(email.pk)

    with pytest.raises(TransitionNotAllowed):
        services.retry_email(email, by=admin)


def test_cancel_email_forgets_one_time_links(participant, admin):
    message = Message("Tautan", "rahasia")
    email = services.queue_ready_email("tests.link", "siti@contoh.test", message, recipient=participant)

    email = services.cancel_email(email, by=admin)
    services.deliver_email(email.pk)

    assert (email.status, email.body_text, mail.outbox) == (S.CANCELLED, "", [])


def test_retry_email_does_not_let_a_retrying_mail_wait(owe, participant, admin, break_smtp):
    break_smtp(ConnectionRefusedError(111, "refused"))
    email = owe(participant)
    services.deliver_email(email.pk)

    email = services.retry_email(email, by=admin)

    assert (email.status, email.attempts, services.sweep_outbox()) == (S.QUEUED, 0, [email.pk])
    assert EmailEvent.objects.filter(email=email, status=S.QUEUED, by=admin).count() == 1


def test_hand_stays_off_a_mail_that_is_being_sent(owe, participant, admin):
    email = owe(participant)
    Email.objects.update(status=S.SENDING, claimed_at=email.created_at)

    for act in [services.retry_email, services.cancel_email]:
        with pytest.raises(MailInFlight):
            act(email, by=admin)


def test_retry_does_not_release_what_is_held(owe, participant, admin):
    with pytest.raises(MailHeld):
        services.retry_email(owe(participant, hold=True), by=admin)


def test_many_are_tried_again_and_each_refusal_is_told(owe, participant, admin):
    failed = failed_mail(owe, participant)
    sent = owe(participant, thing_id=8)
    services.deliver_email(sent.pk)

    outcomes = services.retry_emails(Email.objects.all(), by=admin)

    assert [(one.email.pk, bool(one.problem)) for one in outcomes] == [(failed.pk, False), (sent.pk, True)]
    assert "Terkirim" in outcomes[1].problem
    failed.refresh_from_db()
    assert failed.status == S.QUEUED


def test_many_are_cancelled_and_each_is_on_record(owe, participant, admin):
    first, second = owe(participant), owe(participant, thing_id=8)

    outcomes = services.cancel_emails(Email.objects.all(), by=admin)

    assert [one.problem for one in outcomes] == ["", ""]
    assert set(Email.objects.values_list("status", flat=True)) == {S.CANCELLED}
    acts = AuditEntry.objects.filter(act="email_cancelled").values_list("object_id", flat=True)
    assert set(acts) == {str(first.pk), str(second.pk)}


def test_retry_all_takes_what_failed_or_waits_and_nothing_else(owe, participant, admin, monkeypatch):
    monkeypatch.setattr(moves, "MANY_AT_ONCE", 2)
    mails = [owe(participant, thing_id=number) for number in range(5)]
    states = [S.FAILED, S.CANCELLED, S.RETRYING, S.FAILED, S.QUEUED]
    for email, status in zip(mails, states, strict=True):
        Email.objects.filter(pk=email.pk).update(status=status, failure_reason="no_connection: x", attempts=3)

    counts = [services.retry_all(Email.objects.all(), by=admin) for _again in range(3)]

    assert counts == [2, 1, 0]
    assert list(Email.objects.order_by("pk").values_list("status", "attempts")) == [
        (S.QUEUED, 0), (S.CANCELLED, 3), (S.QUEUED, 0), (S.QUEUED, 0), (S.QUEUED, 3),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(act="email_retried", subject_id=participant.pk).count() == 3


def test_test_mail_goes_to_who_asks_for_it(admin):
    email = services.send_test_email(by=admin)
    services.deliver_email(email.pk)

    assert [(one.to, one.subject) for one in mail.outbox] == [([admin.email], "Surat uji dari portal LSP")]
    assert AuditEntry.objects.filter(act="email_tested").count() == 1


def test_trials_of_one_person_are_few_in_a_minute(admin):
    for _again in range(MOST_A_MINUTE):
        services.send_test_email(by=admin)

    with pytest.raises(TooManyTrials):
        services.send_wording_test(Message("Subjek", "Teks", "<p>Teks</p>"), language="id", by=admin)

    with clock.at(clock.now() + timedelta(minutes=1)):
        assert services.send_test_email(by=admin)
