"""Seats, the waiting list, and how registrations and batches end."""

from datetime import timedelta

import pytest

from batches.models import Batch
from core import clock, jobs
from core.errors import TransitionNotAllowed
from core.models import AuditEntry, JobRow
from notifications.models import Email
from participants import errors, services
from participants.models import Registration
from participants.selectors import waiting_position
from participants.signals import registration_confirmed, registration_left
from participants.states import LIVE
from participants.states import RegistrationStatus as S
from tests.factories.batches import make_batch
from tests.factories.participants import make_admin, make_registration, registration_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def rina():
    return make_admin("Rina")


@pytest.fixture
def heard():
    """(signal name, registration id) of each announcement."""
    found = []

    def confirmed(registration_id, **kwargs):
        found.append(("confirmed", registration_id))

    def left(registration_id, **kwargs):
        found.append(("left", registration_id))

    registration_confirmed.connect(confirmed)
    registration_left.connect(left)
    yield found
    registration_confirmed.disconnect(confirmed)
    registration_left.disconnect(left)


def mails(registration: Registration) -> list[str]:
    found = Email.objects.filter(params__registration_id=registration.pk).order_by("id")
    return list(found.values_list("kind", flat=True))


def status_of(registration: Registration) -> str:
    return Registration.objects.get(pk=registration.pk).status


def held(batch: Batch) -> int:
    return Batch.objects.get(pk=batch.pk).seats_held


def eligible_people(batch: Batch, number: int) -> list[Registration]:
    """Verified one minute after the other."""
    start = clock.now()
    people = []
    for index in range(number):
        with clock.at(start + timedelta(minutes=index)):
            people.append(make_registration(S.ELIGIBLE, batch=batch))
    return people


def test_confirm_registration_takes_a_seat_tells_and_announces(rina, heard, django_capture_on_commit_callbacks):
    batch = make_batch(capacity=2)
    registration = make_registration(S.ELIGIBLE, batch=batch)

    with django_capture_on_commit_callbacks(execute=True):
        confirmed = services.confirm_registration(registration, by=rina)
    with pytest.raises(TransitionNotAllowed):
        services.confirm_registration(registration, by=rina)

    assert (confirmed.status, confirmed.confirmed_by, held(batch)) == (S.CONFIRMED, rina, 1)
    assert mails(registration) == ["registration_confirmed"]
    assert heard == [("confirmed", registration.pk)]
    assert AuditEntry.objects.get(act="registration_confirmed").changes == {"status": ["eligible", "confirmed"]}


def test_full_batch_puts_people_on_the_list_in_order_of_verification(rina):
    batch = make_batch(capacity=1)
    first, second, third = eligible_people(batch, 3)

    services.confirm_registration(first, by=rina)
    late = services.confirm_registration(third, by=rina)
    early = services.confirm_registration(second, by=rina)
    again = services.confirm_registration(third, by=rina)

    assert (late.status, again.status, held(batch)) == (S.WAITLISTED, S.WAITLISTED, 1)
    assert (waiting_position(early), waiting_position(late)) == (1, 2)
    assert mails(third) == ["registration_waitlisted"]


def test_confirm_is_refused_once_the_training_has_begun(rina):
    registration = make_registration(S.ELIGIBLE)

    with clock.at(clock.now() + timedelta(days=41)), pytest.raises(errors.TrainingStarted):
        services.confirm_registration(registration, by=rina)


@pytest.mark.parametrize("status", [status for status in S if status not in (S.ELIGIBLE, S.WAITLISTED)])
def test_confirm_is_refused_from_any_other_state(status, rina):
    registration = make_registration(status)

    with pytest.raises(TransitionNotAllowed):
        services.confirm_registration(registration, by=rina)


def test_withdrawal_gives_the_seat_to_the_first_who_waits(rina, heard, django_capture_on_commit_callbacks):
    batch = make_batch(capacity=1)
    seated = registration_in(S.CONFIRMED, batch=batch)
    first, second = make_registration(S.WAITLISTED, batch=batch), make_registration(S.WAITLISTED, batch=batch)

    with django_capture_on_commit_callbacks(execute=True):
        withdrawn = services.withdraw_registration(seated, "Dinas luar kota.", by=seated.person.user)
    with pytest.raises(TransitionNotAllowed):
        services.withdraw_registration(seated, by=seated.person.user)

    assert (withdrawn.status, withdrawn.reason) == (S.WITHDRAWN, "Dinas luar kota.")
    assert (status_of(first), status_of(second), held(batch)) == (S.CONFIRMED, S.WAITLISTED, 1)
    assert (mails(seated)[-1], mails(first), mails(second)) == ("registration_withdrawn", ["registration_promoted"], [])
    assert heard == [("left", seated.pk), ("confirmed", first.pk)]


@pytest.mark.parametrize("status", LIVE)
def test_any_live_registration_can_be_withdrawn_before_the_start(status):
    registration = make_registration(status)

    withdrawn = services.withdraw_registration(registration, by=registration.person.user)

    assert (withdrawn.status, withdrawn.waitlist_key, held(withdrawn.batch)) == (S.WITHDRAWN, None, 0)
    assert mails(registration) == ["registration_withdrawn"]


def test_seat_is_kept_from_the_first_day_on():
    registration = make_registration(S.CONFIRMED)

    with clock.at(clock.now() + timedelta(days=41)), pytest.raises(errors.TrainingStarted):
        services.withdraw_registration(registration, by=registration.person.user)

    assert held(registration.batch) == 1


def test_cancel_registration_needs_a_reason_and_frees_the_seat(rina):
    batch = make_batch(capacity=1)
    seated, waiting = make_registration(S.CONFIRMED, batch=batch), make_registration(S.WAITLISTED, batch=batch)

    with pytest.raises(errors.ReasonNeeded):
        services.cancel_registration(seated, " ", by=rina)
    cancelled = services.cancel_registration(seated, "Dokumen palsu.", by=rina)

    assert (cancelled.status, cancelled.reason, status_of(waiting)) == (S.CANCELLED, "Dokumen palsu.", S.CONFIRMED)
    assert mails(seated) == ["registration_cancelled"]


def test_cancel_batch_ends_everybody_and_frees_all_seats(rina):
    batch = make_batch(capacity=1)
    people = [make_registration(status, batch=batch) for status in LIVE]
    rejected = make_registration(S.REJECTED, batch=batch)

    with pytest.raises(errors.ReasonNeeded):
        services.cancel_batch(batch, " ", by=rina)
    cancelled = services.cancel_batch(batch, "Peserta kurang.", by=rina)
    with pytest.raises(TransitionNotAllowed):
        services.cancel_batch(batch, "Lagi.", by=rina)

    assert (cancelled.status, held(batch), status_of(rejected)) == ("cancelled", 0, S.REJECTED)
    assert {status_of(person) for person in people} == {S.CANCELLED}
    assert {tuple(mails(person)) for person in people} == {("registration_cancelled",)}


def test_complete_batch_completes_the_seated_and_ends_the_rest(rina):
    batch = make_batch(capacity=1)
    seated, waiting = make_registration(S.CONFIRMED, batch=batch), make_registration(S.WAITLISTED, batch=batch)

    with pytest.raises(TransitionNotAllowed):
        services.complete_batch(batch, by=rina)
    Batch.objects.filter(pk=batch.pk).update(status="examining")
    completed = services.complete_batch(batch, by=rina)

    assert (completed.status, held(batch)) == ("completed", 1)
    assert (status_of(seated), status_of(waiting)) == (S.COMPLETED, S.CANCELLED)
    assert (mails(seated), mails(waiting)) == (["registration_completed"], ["registration_cancelled"])


def test_confirm_all_eligible_is_a_job_in_order_of_verification(rina):
    batch = make_batch(capacity=2)
    people = eligible_people(batch, 3)

    job = services.confirm_all_eligible(batch, by=rina, return_to="/x/")
    jobs.run_job(job.pk)

    job.refresh_from_db()
    assert (job.status, job.done, job.failed, job.total) == ("done", 3, 0, 3)
    assert [status_of(person) for person in people] == [S.CONFIRMED, S.CONFIRMED, S.WAITLISTED]
    assert list(JobRow.objects.values_list("outcome", flat=True)) == ["Terkonfirmasi", "Terkonfirmasi", "Daftar tunggu"]
    with pytest.raises(errors.NobodyEligible):
        services.confirm_all_eligible(batch, by=rina)


def test_job_row_of_somebody_who_left_fails_with_a_sentence(rina):
    batch = make_batch(capacity=2)
    gone = make_registration(S.ELIGIBLE, batch=batch)
    job = services.confirm_all_eligible(batch, by=rina)

    services.withdraw_registration(gone, by=gone.person.user)
    jobs.run_job(job.pk)

    job.refresh_from_db()
    assert (job.done, job.failed) == (0, 1)
    assert "Ditarik" in JobRow.objects.get().outcome


def test_sweep_seats_heals_what_an_event_lost():
    batch = make_batch(capacity=1)
    make_registration(S.CONFIRMED, batch=batch)
    first, second = make_registration(S.WAITLISTED, batch=batch), make_registration(S.WAITLISTED, batch=batch)
    Batch.objects.filter(pk=batch.pk).update(capacity=2)

    assert services.sweep_seats() == 1
    assert services.sweep_seats() == 0

    assert (status_of(first), status_of(second), held(batch)) == (S.CONFIRMED, S.WAITLISTED, 2)


def test_people_who_wait_come_before_who_is_confirmed_now(rina):
    batch = make_batch(capacity=1)
    waiting = make_registration(S.WAITLISTED, batch=batch)

    late = services.confirm_registration(make_registration(S.ELIGIBLE, batch=batch), by=rina)

    assert (status_of(waiting), late.status) == (S.CONFIRMED, S.WAITLISTED)
