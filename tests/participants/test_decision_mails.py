"""Decisions of the desk go out held: staged per batch, compared, released together or discarded."""

import pytest

from accounts.services import update_lsp
from core.models import AuditEntry
from notifications.errors import GroupChanged, NothingHeld
from notifications.models import Email
from notifications.selectors.held import Fate
from notifications.services import deliver_email
from participants import services
from participants.models import Registration
from participants.selectors.decision_mails import (
    decision_group,
    decision_mails,
    held_everywhere,
    held_of_batch,
    held_per_batch,
)
from participants.states import RegistrationStatus as S
from tests.factories.batches import make_batch
from tests.factories.participants import make_admin, make_person, make_registration, registration_in
from tests.factories.staging import hold_decision

pytestmark = pytest.mark.django_db


@pytest.fixture
def rina():
    return make_admin("Rina")


def mail_of(registration: Registration, kind: str) -> Email:
    return Email.objects.get(params__registration_id=registration.pk, kind=kind)


def staged(registration: Registration) -> list[tuple[str, str]]:
    found = Email.objects.filter(params__registration_id=registration.pk).order_by("pk")
    return list(found.values_list("kind", "status"))


def release(batch, *, by):
    """What the page of now shows."""
    return services.release_decisions(batch, seen=decision_mails(batch).comparison.mark, by=by)


def fates(batch) -> list[Fate]:
    return [row.mail.fate for row in decision_mails(batch).rows]


# --- what waits, and what does not


def test_decisions_of_the_desk_wait_in_the_group_of_their_batch(rina):
    batch = make_batch(capacity=1)
    found, rejected = (registration_in(S.IN_REVIEW, by=rina, batch=batch) for _ in range(2))
    seated, waits = (make_registration(S.ELIGIBLE, batch=batch) for _ in range(2))

    services.accept_all_documents(found, by=rina)
    services.find_eligible(found, by=rina)
    services.reject_registration(rejected, "Sertifikat teknis belum ada.", by=rina)
    services.confirm_registration(seated, by=rina)
    services.confirm_registration(waits, by=rina)

    held = Email.objects.filter(hold_group=decision_group(batch), status="held").order_by("pk")
    assert [mail.kind for mail in held] == [
        "registration_eligible", "registration_rejected", "registration_confirmed", "registration_waitlisted",
    ]  # fmt: skip
    assert held_of_batch(batch).count == 4
    assert held_per_batch()[batch.pk].count == 4


def test_requests_receipts_withdrawals_and_promotions_go_at_once(rina):
    batch = make_batch(capacity=1)
    back, sent = registration_in(S.IN_REVIEW, by=rina, batch=batch), registration_in(S.SUBMITTED, batch=batch)
    seated = make_registration(S.CONFIRMED, batch=batch)
    waits = make_registration(S.WAITLISTED, batch=batch)

    services.return_registration(back, "Lengkapi alamat.", by=rina)
    services.withdraw_registration(seated, by=seated.person.user)

    assert staged(back)[-1] == ("registration_returned", "queued")
    assert staged(sent)[-1] == ("registration_submitted", "queued")
    assert staged(seated) == [("registration_withdrawn", "queued")]
    assert staged(waits) == [("registration_promoted", "queued")]


def test_lsp_that_does_not_hold_decisions_tells_them_at_once(rina):
    registration = make_registration(S.ELIGIBLE)
    update_lsp({"hold_decisions": False}, by=None)

    services.confirm_registration(registration, by=rina)

    assert staged(registration) == [("registration_confirmed", "queued")]


# --- comparing


def test_comparison_names_the_state_told_and_the_state_now(rina):
    batch = make_batch()
    people = [make_person(full_name=name) for name in ("Agus", "Budi", "Citra")]
    goes, moved, gone = (make_registration(S.ELIGIBLE, batch=batch, person=person) for person in people)
    for one in (gone, moved, goes):
        hold_decision(one, by=rina)
    services.confirm_registration(moved, by=rina)
    services.withdraw_registration(gone, by=gone.person.user)

    rows = decision_mails(batch).rows

    assert [(row.registration, row.told, row.now, row.mail.fate) for row in rows] == [
        (goes, "Memenuhi syarat", "", Fate.GOES),
        (moved, "Memenuhi syarat", "Terkonfirmasi", Fate.SUPERSEDED),
        (moved, "Terkonfirmasi", "", Fate.GOES),
        (gone, "Memenuhi syarat", "Ditarik", Fate.GONE),
    ]


def test_changed_place_in_the_waiting_list_is_shown_as_a_change():
    batch = make_batch(capacity=1)
    make_registration(S.CONFIRMED, batch=batch)
    first, second = (make_registration(S.WAITLISTED, batch=batch) for _ in range(2))
    hold_decision(second)
    services.withdraw_registration(first, by=first.person.user)

    (row,) = decision_mails(batch).rows

    assert row.mail.fate == Fate.CHANGED
    assert [line for sign, line in row.mail.differences if sign == "+" and "urutan 1" in line]


def test_second_decision_of_the_same_kind_replaces_the_first(rina):
    batch = make_batch()
    registration = registration_in(S.IN_REVIEW, by=rina, batch=batch)
    services.reject_registration(registration, "Keliru.", by=rina)
    services.reopen_after_objection(registration, "Benar juga.", by=rina)
    services.claim_for_review(registration, by=rina)
    services.reject_registration(registration, "Sekarang pasti.", by=rina)

    assert fates(batch) == [Fate.SUPERSEDED, Fate.GOES]


def test_decision_that_was_overtaken_is_not_told_though_it_was_released(rina, mailoutbox):
    registration = make_registration(S.ELIGIBLE)
    mail = hold_decision(registration)
    release(registration.batch, by=rina)
    services.withdraw_registration(registration, by=registration.person.user)

    deliver_email(mail.pk)

    mail.refresh_from_db()
    assert (mail.status, mailoutbox) == ("cancelled", [])


def test_comparison_takes_the_same_queries_for_few_and_for_many(
    django_assert_max_num_queries, django_assert_num_queries
):
    batch = make_batch(capacity=40)
    states = (S.ELIGIBLE, S.REJECTED, S.CONFIRMED, S.WAITLISTED)
    for status in states:
        hold_decision(make_registration(status, batch=batch))
    with django_assert_max_num_queries(6) as few:
        decision_mails(batch)
    for _number in range(3):
        for status in states:
            hold_decision(make_registration(status, batch=batch))

    with django_assert_num_queries(len(few)):
        assert len(decision_mails(batch).rows) == 16


# --- releasing and discarding


def test_release_queues_what_holds_and_cancels_the_rest_on_record(rina):
    batch = make_batch()
    goes, gone = (make_registration(S.ELIGIBLE, batch=batch) for _ in range(2))
    for one in (goes, gone):
        hold_decision(one)
    services.withdraw_registration(gone, by=gone.person.user)

    released = release(batch, by=rina)

    assert released == (1, 1)
    assert mail_of(goes, "registration_eligible").status == "queued"
    assert mail_of(gone, "registration_eligible").status == "cancelled"
    entry = AuditEntry.objects.get(act="decision_mails_released")
    assert (entry.object_id, entry.changes) == (str(batch.pk), {"mails_released": [0, 1], "mails_ended": [0, 1]})
    with pytest.raises(NothingHeld):
        release(batch, by=rina)


def test_release_is_refused_after_another_decision(rina):
    batch = make_batch()
    registration = make_registration(S.ELIGIBLE, batch=batch)
    hold_decision(registration)
    seen = decision_mails(batch).comparison.mark
    services.confirm_registration(registration, by=rina)

    with pytest.raises(GroupChanged):
        services.release_decisions(batch, seen=seen, by=rina)

    assert {status for _kind, status in staged(registration)} == {"held"}
    assert [row.is_news for row in decision_mails(batch, seen=seen).rows] == [True, True]


def test_discarded_mail_is_not_sent_and_its_decision_stands(rina):
    registration = make_registration(S.ELIGIBLE)
    mail = hold_decision(registration)

    assert services.discard_decision_mails(registration.batch, [mail.code], by=rina) == 1

    registration.refresh_from_db()
    assert (registration.status, staged(registration)) == (S.ELIGIBLE, [("registration_eligible", "cancelled")])
    entry = AuditEntry.objects.get(act="decision_mail_discarded")
    assert (entry.object_kind, entry.subject_id) == ("notifications.email", registration.person.user_id)


def test_release_leaves_other_batches_alone(rina):
    here, there = hold_decision(make_registration(S.ELIGIBLE)), hold_decision(make_registration(S.ELIGIBLE))

    release(Registration.objects.get(pk=here.params["registration_id"]).batch, by=rina)

    assert [email for email, _batch in held_everywhere()] == [there]
