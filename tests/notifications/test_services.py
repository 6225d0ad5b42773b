"""The outbox: owed with the act, claimed before SMTP, tried again, failed with a reason."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import TransitionNotAllowed
from core.models import AuditEntry
from core.transitions import check_transition
from notifications import failures, registry, services
from notifications.errors import UnknownAddress
from notifications.models import Email
from notifications.registry import Message
from notifications.selectors import email_counts, failed_email_count
from notifications.services import delivery
from notifications.states import TRANSITIONS, EmailStatus

pytestmark = pytest.mark.django_db
S = EmailStatus


@pytest.fixture(autouse=True)
def greeting(monkeypatch):
    """A kind of mail of the tests; `gone` holds ids whose cause is gone."""
    monkeypatch.setattr(registry, "_renderers", dict(registry._renderers))
    monkeypatch.setattr(registry, "_titles", dict(registry._titles))
    gone = set()

    def write(params, language):
        if params["thing_id"] in gone:
            return None
        return Message(f"Salam {params['thing_id']} {language}", _("Bahasa Indonesia"), "<p>Salam</p>")

    services.register("tests.greeting", write, title="Salam")
    return gone


def owe(to, **ids):
    return services.queue_email("tests.greeting", to=to, **{"thing_id": 7} | ids)


def break_smtp(monkeypatch, error):
    def refuse(self, messages):
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)


def test_queue_email_stores_ids_only_and_sends_nothing(participant):
    email = owe(participant)

    assert (email.status, email.params, email.body_text) == (S.QUEUED, {"thing_id": 7}, "")
    assert (email.to_address, email.recipient, email.language) == ("siti@contoh.test", participant, "id")
    assert mail.outbox == []


def test_queue_email_announces_after_commit(participant, django_capture_on_commit_callbacks, monkeypatch):
    asked = []
    monkeypatch.setattr("notifications.tasks.deliver_email.delay", asked.append)

    with django_capture_on_commit_callbacks(execute=True):
        email = owe(participant)
        assert asked == []

    assert asked == [email.pk]


def test_act_survives_a_broker_that_is_away(participant, django_capture_on_commit_callbacks, monkeypatch, caplog):
    def away(email_id):
        raise ConnectionError("no broker")

    monkeypatch.setattr("notifications.tasks.deliver_email.delay", away)

    with django_capture_on_commit_callbacks(execute=True):
        email = owe(participant)

    assert services.sweep_outbox() == [email.pk]


def test_held_mail_waits_until_it_is_released(participant, django_capture_on_commit_callbacks, monkeypatch):
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


def test_release_held_touches_only_what_it_names_and_only_once(participant):
    mine, other = owe(participant, hold=True), owe(participant, thing_id=8, hold=True)
    plain = owe(participant)

    assert services.release_held("tests.greeting", thing_id=7) == 1
    assert services.release_held("tests.greeting", thing_id=7) == 0
    assert services.release_held("tests.other", thing_id=8) == 0

    states = dict(Email.objects.values_list("pk", "status"))
    assert states == {mine.pk: S.QUEUED, other.pk: S.HELD, plain.pk: S.QUEUED}


def test_held_mail_may_be_cancelled_but_not_tried_again(participant, admin):
    email = owe(participant, hold=True)

    with pytest.raises(TransitionNotAllowed):
        check_transition(TRANSITIONS, email.status, S.SENDING)

    assert services.cancel_email(email, by=admin).status == S.CANCELLED


def test_attachments_travel_with_the_mail_and_are_not_kept(participant):
    file = services.Attachment("Sertifikat.pdf", "application/pdf", b"%PDF-1.7")
    services.register(
        "tests.paper", lambda params, language: Message("S", "Isi", "<p>Isi</p>", (file,)), title="Kertas"
    )
    email = services.queue_email("tests.paper", to=participant)

    services.deliver_email(email.pk)

    (sent,) = mail.outbox
    assert [tuple(one) for one in sent.attachments] == [("Sertifikat.pdf", b"%PDF-1.7", "application/pdf")]
    email.refresh_from_db()
    assert (email.status, email.body_text) == (S.SENT, "Isi")


def test_queue_email_of_a_rolled_back_act_is_owed_to_nobody(participant):
    def act():
        with transaction.atomic():
            owe(participant)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()

    assert not Email.objects.exists()


def test_broken_template_refuses_the_act(participant):
    def broken(params, language):
        raise LookupError

    services.register("tests.broken", broken, title="Rusak")

    with pytest.raises(LookupError):
        services.queue_email("tests.broken", to=participant)

    assert not Email.objects.exists()


def test_queue_email_without_address_is_refused():
    with pytest.raises(UnknownAddress):
        services.queue_email("tests.greeting", to=None, thing_id=1)


def test_unknown_kind_is_a_fault_of_ours(participant):
    with pytest.raises(KeyError):
        services.queue_email("tests.nothing", to=participant)


def test_deliver_email_sends_in_the_language_of_the_row_and_keeps_the_text(participant):
    participant.language = "en"
    email = owe(participant)

    services.deliver_email(email.pk)

    email.refresh_from_db()
    (sent,) = mail.outbox
    assert (email.status, email.attempts, email.claimed_at) == (S.SENT, 1, None)
    assert (email.subject, email.body_text) == ("Salam 7 en", sent.body)
    assert sent.alternatives[0].content == "<p>Salam</p>"
    assert sent.extra_headers["Message-ID"] == f"<{email.code}@testserver>"


def test_deliver_email_sends_once_however_often_it_is_called(participant):
    email = owe(participant)

    for _round in range(3):
        services.deliver_email(email.pk)

    assert len(mail.outbox) == 1


def test_deliver_email_of_a_mail_that_is_not_due_waits(participant):
    email = owe(participant)
    Email.objects.update(not_before=clock.now() + timedelta(minutes=1))

    services.deliver_email(email.pk)

    assert mail.outbox == []


def test_gone_cause_cancels_the_mail(participant, greeting):
    email = owe(participant)
    greeting.add(7)

    services.deliver_email(email.pk)

    email.refresh_from_db()
    assert (email.status, mail.outbox) == (S.CANCELLED, [])


def test_ready_mail_loses_its_text_once_sent(participant):
    message = Message("Tautan", "https://testserver/rahasia", "<p>rahasia</p>")
    email = services.queue_ready_email("tests.link", "siti@contoh.test", message, recipient=participant)

    services.deliver_email(email.pk)

    email.refresh_from_db()
    assert "rahasia" in mail.outbox[0].body
    assert (email.status, email.subject, email.body_text, email.body_html) == (S.SENT, "Tautan", "", "")


@pytest.mark.django_db(transaction=True)
def test_deliver_email_refuses_an_open_transaction(participant):
    email = owe(participant)

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        services.deliver_email(email.pk)


FINAL = [
    (smtplib.SMTPAuthenticationError(535, b"5.7.8 bad"), "login_refused"),
    (smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."), "not_supported"),
    (smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")}), "address_refused"),
    (smtplib.SMTPSenderRefused(553, b"not yours", "b"), "mail_refused"),
    (smtplib.SMTPDataError(554, b"spam"), "mail_refused"),
    (ValueError("odd"), "unknown"),
]
PASSING = [
    (ConnectionRefusedError(111, "refused"), "no_connection"),
    (TimeoutError("timed out"), "no_connection"),
    (smtplib.SMTPServerDisconnected("gone"), "no_connection"),
    (smtplib.SMTPRecipientsRefused({"a": (450, b"greylisted")}), "server_busy"),
    (smtplib.SMTPDataError(451, b"later"), "server_busy"),
    (smtplib.SMTPAuthenticationError(454, b"later"), "server_busy"),
]


@pytest.mark.parametrize(("error", "code"), FINAL, ids=lambda value: str(value)[:30])
def test_permanent_refusal_fails_at_once_with_the_reason(participant, monkeypatch, error, code):
    break_smtp(monkeypatch, error)
    email = owe(participant)

    services.deliver_email(email.pk)

    email.refresh_from_db()
    assert (email.status, email.failure_reason.partition(":")[0]) == (S.FAILED, code)
    assert failures.sentence(email.failure_reason) == failures.SENTENCES[code]
    assert failed_email_count() == 1


@pytest.mark.parametrize(("error", "code"), PASSING, ids=lambda value: str(value)[:30])
def test_passing_trouble_is_tried_again_later(participant, monkeypatch, error, code):
    break_smtp(monkeypatch, error)
    email = owe(participant)

    services.deliver_email(email.pk)

    email.refresh_from_db()
    assert (email.status, email.failure_reason.partition(":")[0]) == (S.RETRYING, code)
    assert timedelta(seconds=50) < email.not_before - clock.now() <= timedelta(minutes=1)
    assert services.sweep_outbox() == []


def test_trouble_that_stays_ends_as_failed_after_six_attempts(participant, monkeypatch):
    break_smtp(monkeypatch, ConnectionRefusedError(111, "Connection refused"))
    email = owe(participant)
    waits, moment = [], clock.now()

    for _attempt in range(services.MOST_ATTEMPTS):
        with clock.at(moment):
            services.deliver_email(email.pk)
        email.refresh_from_db()
        waits.append(round((email.not_before - moment).total_seconds() / 60))
        moment = email.not_before

    assert waits[:5] == [1, 5, 15, 60, 240]
    assert (email.status, email.attempts) == (S.FAILED, 6)
    assert "Connection refused" in failures.server_answer(email.failure_reason)


def test_broken_renderer_at_send_time_fails_with_a_reason(participant, greeting):
    email = owe(participant)
    Email.objects.update(params={})

    services.deliver_email(email.pk)

    email.refresh_from_db()
    assert (email.status, email.failure_reason) == (S.FAILED, "template: KeyError")


class Killed(BaseException):
    """The process ends here: no handler runs."""


def test_kill_between_claim_and_send_is_found_and_sent_by_the_sweeper(participant, monkeypatch):
    email = owe(participant)
    with monkeypatch.context() as patch:
        break_smtp(patch, Killed())
        with pytest.raises(Killed):
            services.deliver_email(email.pk)
    email.refresh_from_db()
    assert email.status == S.SENDING
    assert services.sweep_outbox() == []  # perhaps it is only slow

    with clock.at(clock.now() + services.LOST_AFTER + timedelta(seconds=1)):
        assert services.sweep_outbox() == [email.pk]
        services.deliver_email(email.pk)

    email.refresh_from_db()
    assert (email.status, email.attempts, len(mail.outbox)) == (S.SENT, 2, 1)


def test_mail_that_kills_its_worker_each_time_is_parked(participant):
    email = owe(participant)
    Email.objects.update(status=S.SENDING, claimed_at=clock.now() - timedelta(minutes=6), attempts=6)

    assert services.sweep_outbox() == []

    email.refresh_from_db()
    assert (email.status, failures.sentence(email.failure_reason)) == (S.FAILED, failures.SENTENCES["lost"])


def test_late_worker_does_not_overwrite_the_next_ones_claim(participant, monkeypatch):
    email = owe(participant)
    real = delivery._send

    def slow(row, message):
        Email.objects.update(status=S.SENDING, claimed_at=clock.now() + timedelta(seconds=1))
        real(row, message)

    monkeypatch.setattr(delivery, "_send", slow)

    services.deliver_email(email.pk)

    email.refresh_from_db()
    assert email.status == S.SENDING


def failed_mail(participant):
    email = owe(participant)
    Email.objects.update(status=S.FAILED, failure_reason="login_refused: 535", attempts=1)
    return email


def test_retry_email_starts_over_and_is_on_record(participant, admin):
    email = services.retry_email(failed_mail(participant), by=admin)

    services.deliver_email(email.pk)

    email.refresh_from_db()
    assert (email.status, email.attempts) == (S.SENT, 1)
    entry = AuditEntry.objects.get(act="email_retried")
    assert (entry.actor_id, entry.subject_id) == (admin.pk, participant.pk)


def test_retry_email_of_a_sent_mail_is_refused(participant, admin):
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


def test_email_counts_has_every_state(participant):
    owe(participant)

    assert email_counts() == dict.fromkeys(S.values, 0) | {"queued": 1}
