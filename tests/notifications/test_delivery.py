"""Delivering a mail: claimed before SMTP, tried again by the kind of trouble, failed with a reason, never silently."""

import smtplib
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core import mail
from django.db import OperationalError, transaction

from core import clock
from notifications import reasons, registry, selectors, services
from notifications.models import Email, EmailEvent
from notifications.registry import Attachment, Message
from notifications.services import delivery, pacing
from notifications.states import EmailStatus

pytestmark = pytest.mark.django_db
S = EmailStatus


class Killed(BaseException):
    """The process ends here: no handler runs."""


def history(email):
    return list(EmailEvent.objects.filter(email=email).values_list("status", flat=True))


def test_attachments_travel_with_the_mail_and_are_not_kept(participant, own_kinds):
    file = Attachment("Sertifikat.pdf", "application/pdf", b"%PDF-1.7")
    registry.register(
        "tests.paper", lambda params, language: Message("S", "Isi", "<p>Isi</p>", (file,)), title="Kertas"
    )
    email = services.queue_email("tests.paper", to=participant)

    services.deliver_email(email.pk)

    (sent,) = mail.outbox
    assert [tuple(one) for one in sent.attachments] == [("Sertifikat.pdf", b"%PDF-1.7", "application/pdf")]
    email.refresh_from_db()
    assert (email.status, email.body_text) == (S.SENT, "Isi")


def test_deliver_email_sends_in_the_language_of_the_row_and_keeps_the_text(owe, participant):
    participant.language = "en"
    email = owe(participant)

    services.deliver_email(email.pk)

    email.refresh_from_db()
    (sent,) = mail.outbox
    assert (email.status, email.attempts, email.claimed_at) == (S.SENT, 1, None)
    assert (email.subject, email.body_text) == ("Salam 7 en", sent.body)
    assert sent.alternatives[0].content == "<p>Salam</p>"
    assert sent.extra_headers["Message-ID"] == f"<{email.code}@testserver>"


def test_deliver_email_sends_once_however_often_it_is_called(owe, participant):
    email = owe(participant)

    for _round in range(3):
        services.deliver_email(email.pk)

    assert len(mail.outbox) == 1


def test_deliver_email_of_a_mail_that_is_not_due_waits(owe, participant):
    email = owe(participant)
    Email.objects.update(not_before=clock.now() + timedelta(minutes=1))

    services.deliver_email(email.pk)

    assert mail.outbox == []


def test_mail_goes_to_where_the_person_reads_mail_now(owe, participant):
    email = owe(participant)
    participant.email = "alamat.baru@contoh.test"
    participant.save()

    services.deliver_email(email.pk)

    email.refresh_from_db()
    assert (mail.outbox[0].to, email.to_address) == ([participant.email], participant.email)
    assert reasons.code_of(email.events.last().reason) == "readdressed"


def test_mail_whose_link_has_ended_is_neither_sent_nor_kept(participant):
    soon = clock.now() + timedelta(minutes=30)
    message = Message("Tautan", "https://testserver/rahasia")
    email = services.queue_ready_email("tests.link", participant.email, message, recipient=participant, expires_at=soon)

    with clock.at(soon):
        services.deliver_email(email.pk)
        assert services.sweep_outbox() == []

    email.refresh_from_db()
    assert (mail.outbox, email.status, email.body_text) == ([], S.CANCELLED, "")
    assert reasons.code_of(email.events.last().reason) == "expired"


def test_moments_of_a_clock_that_ran_ahead_hold_nothing_back(owe, participant):
    with clock.at(clock.now() + timedelta(days=1)):
        owed, claimed = owe(participant), owe(participant)
        Email.objects.filter(pk=claimed.pk).update(status=S.SENDING, claimed_at=clock.now())

    assert set(services.sweep_outbox()) == {owed.pk, claimed.pk}


def test_day_of_tries_begins_with_the_first_one(owe, participant, break_smtp):
    email = owe(participant)
    break_smtp(smtplib.SMTPDataError(451, b"later"))

    with clock.at(clock.now() + timedelta(hours=25)):  # no worker has come for a day
        services.deliver_email(email.pk)

    email.refresh_from_db()
    assert email.status == S.RETRYING


def test_gone_cause_cancels_the_mail(owe, participant, greeting):
    email = owe(participant)
    greeting.add(7)

    services.deliver_email(email.pk)

    email.refresh_from_db()
    assert (email.status, mail.outbox) == (S.CANCELLED, [])
    assert reasons.sentence(email.events.last().reason) == reasons.SENTENCES["gone"]


def test_time_that_is_up_while_a_slow_server_takes_the_mail_leaves_a_doubt(owe, participant, break_smtp):
    email = owe(participant)
    break_smtp(SoftTimeLimitExceeded())

    with pytest.raises(SoftTimeLimitExceeded):
        services.deliver_email(email.pk)

    with clock.at(clock.now() + delivery.LOST_AFTER + timedelta(seconds=1)):
        assert services.sweep_outbox() == [email.pk]
    email.refresh_from_db()
    assert (email.status, reasons.code_of(email.events.last().reason)) == (S.QUEUED, "lost")


def test_ready_mail_loses_its_text_once_sent(participant):
    message = Message("Tautan", "https://testserver/rahasia", "<p>rahasia</p>")
    email = services.queue_ready_email("tests.link", "siti@contoh.test", message, recipient=participant)

    services.deliver_email(email.pk)

    email.refresh_from_db()
    assert "rahasia" in mail.outbox[0].body
    assert (email.status, email.subject, email.body_text, email.body_html) == (S.SENT, "Tautan", "", "")


@pytest.mark.django_db(transaction=True)
def test_deliver_email_refuses_an_open_transaction(owe, participant):
    email = owe(participant)

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        services.deliver_email(email.pk)


def test_broken_renderer_at_send_time_fails_with_a_reason(owe, participant, greeting):
    email = owe(participant)
    Email.objects.update(params={})

    services.deliver_email(email.pk)

    email.refresh_from_db()
    assert (email.status, email.failure_reason) == (S.FAILED, "template: KeyError")


@pytest.mark.parametrize("error", [OperationalError("canceling statement due to lock timeout"), OSError("bucket away")])
def test_mail_that_could_not_be_read_for_a_moment_is_tried_again(owe, participant, monkeypatch, error):
    def fail(*args):
        raise error

    email = owe(participant)
    monkeypatch.setattr(registry, "render", fail)

    services.deliver_email(email.pk)

    email.refresh_from_db()
    assert (email.status, reasons.code_of(email.failure_reason)) == (S.RETRYING, "not_read")


def test_late_worker_does_not_overwrite_the_next_ones_claim(owe, participant, monkeypatch):
    email = owe(participant)
    real = delivery._send

    def slow(row, message, address):
        Email.objects.update(status=S.SENDING, claimed_at=clock.now() + timedelta(seconds=1))
        real(row, message, address)

    monkeypatch.setattr(delivery, "_send", slow)

    services.deliver_email(email.pk)

    email.refresh_from_db()
    assert email.status == S.SENDING


def minutes_until_it_fails(email):
    """Delivers as the sweeper would until the mail has failed: the waits in whole minutes, and the whole time."""
    begin = moment = clock.now()
    waits = []
    while True:
        with clock.at(moment):
            services.deliver_email(email.pk)
        email.refresh_from_db()
        if email.status == S.FAILED:
            return waits, moment - begin
        assert email.status == S.RETRYING
        waits.append((email.not_before - moment).total_seconds() / 60)
        moment = email.not_before


def test_server_that_stays_away_is_asked_soon_then_hourly_for_a_day(owe, participant, break_smtp):
    break_smtp(ConnectionRefusedError(111, "Connection refused"))
    email = owe(participant)

    waits, lasted = minutes_until_it_fails(email)

    for wait, planned in zip(waits[:7], [1, 2, 5, 10, 30, 60, 60], strict=True):
        assert planned <= wait <= planned * 1.2
    assert timedelta(hours=22) < lasted <= pacing.GIVE_UP_AFTER
    assert "Connection refused" in reasons.server_answer(email.failure_reason)


def test_greylisting_is_given_time(owe, participant, break_smtp):
    break_smtp(smtplib.SMTPDataError(451, b"4.7.1 Greylisted"))

    waits, _lasted = minutes_until_it_fails(owe(participant))

    for wait, planned in zip(waits[:5], [15, 60, 120, 180, 240], strict=True):
        assert planned <= wait <= planned * 1.2


def test_each_kind_of_trouble_counts_for_itself(owe, participant, break_smtp):
    email, moment = owe(participant), clock.now()
    for error in [ConnectionResetError(), ConnectionResetError(), smtplib.SMTPDataError(451, b"later")]:
        break_smtp(error)
        with clock.at(moment):
            services.deliver_email(email.pk)
        email.refresh_from_db()
        begun, moment = moment, email.not_before

    assert 15 <= (moment - begun).total_seconds() / 60 <= 18


def test_mails_of_one_moment_do_not_come_back_at_one_moment(owe, participant, break_smtp):
    break_smtp(ConnectionRefusedError(111, "refused"))
    mails = [owe(participant, thing_id=number) for number in range(8)]
    with clock.at(clock.now()):
        for email in mails:
            services.deliver_email(email.pk)

    due = list(Email.objects.values_list("not_before", flat=True))

    assert len(set(due)) == 8
    assert max(due) - min(due) <= timedelta(seconds=12)


def test_hand_that_tries_again_begins_a_new_day(owe, participant, admin, break_smtp):
    break_smtp(ConnectionRefusedError(111, "refused"))
    email = owe(participant)
    minutes_until_it_fails(email)

    with clock.at(clock.now() + timedelta(days=3)):
        services.retry_email(email, by=admin)
        services.deliver_email(email.pk)

    email.refresh_from_db()
    assert email.status == S.RETRYING


@pytest.mark.parametrize(
    "error",
    [smtplib.SMTPAuthenticationError(535, b"5.7.8 bad"), smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")})],
    ids=["wrong password", "no such address"],
)
def test_what_another_try_cannot_mend_fails_at_once_and_is_sent_when_mended(
    owe, participant, admin, break_smtp, error
):  # fmt: skip
    email = owe(participant)
    break_smtp(error)
    services.deliver_email(email.pk)
    email.refresh_from_db()
    assert (email.status, reasons.sentence(email.failure_reason)) == (
        S.FAILED, reasons.SENTENCES[reasons.explain(error).code],
    )  # fmt: skip

    break_smtp(None)
    services.retry_email(email, by=admin)
    services.deliver_email(email.pk)

    assert history(email) == [S.QUEUED, S.SENDING, S.FAILED, S.QUEUED, S.SENDING, S.SENT]


def test_kill_between_claim_and_send_is_found_and_sent_and_the_doubt_stays_visible(owe, participant, break_smtp):
    email = owe(participant)
    break_smtp(Killed())
    with pytest.raises(Killed):
        services.deliver_email(email.pk)
    email.refresh_from_db()
    assert email.status == S.SENDING
    assert services.sweep_outbox() == []  # perhaps it is only slow

    break_smtp(None)
    with clock.at(clock.now() + delivery.LOST_AFTER + timedelta(seconds=1)):
        assert services.sweep_outbox() == [email.pk]
        services.deliver_email(email.pk)

    email.refresh_from_db()
    assert (email.status, email.attempts, len(mail.outbox)) == (S.SENT, 2, 1)
    kept = EmailEvent.objects.filter(email=email).values_list("reason", flat=True)
    assert [reasons.sentence(reason) for reason in kept if reason] == [reasons.SENTENCES["lost"]]


def test_mail_that_kills_its_worker_five_times_is_parked(owe, participant, break_smtp):
    email, moment = owe(participant), clock.now()
    break_smtp(Killed())
    for _death in range(pacing.MOST_LOST):
        with clock.at(moment), pytest.raises(Killed):
            services.deliver_email(email.pk)
        moment += delivery.LOST_AFTER + timedelta(seconds=1)
        with clock.at(moment):
            found = services.sweep_outbox()

    email.refresh_from_db()
    assert (found, email.status, email.attempts) == ([], S.FAILED, 5)
    assert reasons.code_of(email.failure_reason) == "lost"


def test_sweep_brings_what_is_due_longest_first(owe, participant, monkeypatch):
    monkeypatch.setattr(delivery, "SWEEP_AT_ONCE", 2)
    mails = [owe(participant, thing_id=number) for number in range(3)]
    for email, age in zip(mails, [1, 3, 2], strict=True):
        Email.objects.filter(pk=email.pk).update(not_before=clock.now() - timedelta(minutes=age))

    assert services.sweep_outbox() == [mails[1].pk, mails[2].pk]


def test_failed_mail_is_in_the_banner_of_the_next_page(
    owe, participant, break_smtp, django_capture_on_commit_callbacks
):
    assert selectors.mail_trouble() is None
    break_smtp(smtplib.SMTPDataError(554, b"spam"))

    with django_capture_on_commit_callbacks(execute=True):
        services.deliver_email(owe(participant).pk)

    assert selectors.mail_trouble() is not None
