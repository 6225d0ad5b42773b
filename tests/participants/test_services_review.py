"""The desk's use cases: works, refuses, tells, records."""

from datetime import timedelta

import pytest

from batches.models import RuleSet
from core import clock
from core.errors import TransitionNotAllowed
from core.models import AuditEntry
from notifications.models import Email
from participants import errors, services
from participants.models import EligibilityCheck, Person, Registration
from participants.selectors import gather_facts
from participants.states import RegistrationStatus as S
from participants.states import Verdict
from tests.factories.participants import fill, make_admin, make_person, make_registration, registration_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def rina():
    return make_admin("Rina")


@pytest.fixture
def budi():
    return make_admin("Budi")


def mails(registration: Registration) -> list[str]:
    found = Email.objects.filter(params__registration_id=registration.pk).order_by("id")
    return list(found.values_list("kind", flat=True))


def acts(registration: Registration) -> list[str]:
    entries = AuditEntry.objects.filter(object_kind="participants.registration", object_id=str(registration.pk))
    return list(entries.order_by("id").values_list("act", flat=True))


# --- claim


def test_claim_for_review_and_release(rina):
    registration = registration_in(S.SUBMITTED)

    claimed = services.claim_for_review(registration, by=rina)
    again = services.claim_for_review(registration, by=rina)
    released = services.release_claim(registration, by=rina)

    assert (claimed.status, claimed.claimed_by, again.claimed_at) == (S.IN_REVIEW, rina, claimed.claimed_at)
    assert (released.status, released.claimed_by) == (S.SUBMITTED, None)
    assert [event.to_status for event in registration.events.all()][-2:] == [S.IN_REVIEW, S.SUBMITTED]
    assert acts(registration)[-2:] == ["registration_in_review", "registration_submitted"]
    assert mails(registration) == ["registration_submitted"]


def test_claim_is_taken_over_on_record_and_protects_from_two_judges(rina, budi):
    registration = registration_in(S.IN_REVIEW, by=rina)

    for act in (services.accept_all_documents, services.find_eligible, services.release_claim):
        with pytest.raises(errors.ClaimedByOther, match="Rina"):
            act(registration, by=budi)
    taken = services.claim_for_review(registration, by=budi)
    with pytest.raises(errors.ClaimedByOther, match="Budi"):
        services.return_registration(registration, "Lengkapi.", by=rina)

    assert taken.claimed_by == budi
    assert AuditEntry.objects.get(act="review_taken_over").changes == {"claimed_by": [rina.code, budi.code]}


def test_nobody_reviews_their_own(rina):
    registration = fill(make_registration(person=make_person(rina)))
    Registration.objects.filter(pk=registration.pk).update(
        status=S.SUBMITTED, submitted_at=clock.now(), submitted_by=rina
    )

    with pytest.raises(errors.OwnRegistration):
        services.claim_for_review(registration, by=rina)


@pytest.mark.parametrize("status", [status for status in S if status != S.IN_REVIEW])
def test_judging_needs_a_claim(status, rina):
    registration = make_registration(status)

    for act in (services.accept_all_documents, services.find_eligible, services.return_registration):
        with pytest.raises(errors.NotClaimed):
            act(registration, by=rina)
    with pytest.raises(errors.NotClaimed):
        services.reject_registration(registration, "Kurang.", by=rina)


# --- documents


def test_judge_document_keeps_who_when_and_why(rina):
    registration = registration_in(S.IN_REVIEW, by=rina)
    ktp = registration.documents.get(type="KTP")

    with pytest.raises(errors.ReasonNeeded):
        services.judge_document(ktp, Verdict.RETURNED, " ", by=rina)
    returned = services.judge_document(ktp, Verdict.RETURNED, "Buram.", by=rina)
    pending = services.judge_document(ktp, Verdict.PENDING, by=rina)
    accepted = services.judge_document(ktp, Verdict.ACCEPTED, by=rina)

    assert (returned.reason, returned.judged_by) == ("Buram.", rina)
    assert (pending.reason, pending.judged_at) == ("", None)
    assert accepted.verdict == Verdict.ACCEPTED
    assert AuditEntry.objects.filter(act="document_judged").count() == 3


def test_accept_all_documents_leaves_what_was_returned(rina):
    registration = registration_in(S.IN_REVIEW, by=rina)
    services.judge_document(registration.documents.get(type="CV"), Verdict.RETURNED, "Belum ditandatangani.", by=rina)
    total = registration.documents.count()

    assert services.accept_all_documents(registration, by=rina) == total - 1
    assert services.accept_all_documents(registration, by=rina) == 0
    assert registration.documents.get(type="CV").verdict == Verdict.RETURNED


def test_answer_manual_check_feeds_the_rules(rina):
    registration = registration_in(S.IN_REVIEW, by=rina)
    content = {
        "groups": [
            {
                "id": "M", "label": "Wawancara", "combine": "all", "mandatory": True,
                "rules": [{"id": "M1", "type": "manual_check", "params": {"question": "Sudah diwawancarai?"}}],
            }
        ]
    }  # fmt: skip
    RuleSet.objects.filter(pk=registration.batch.rule_set_id).update(content=content, content_sha256="m" * 64)

    with pytest.raises(KeyError):
        services.answer_manual_check(registration, "X9", True, by=rina)
    with pytest.raises(errors.NotYetEligible):
        services.find_eligible(registration, by=rina)
    services.answer_manual_check(registration, "M1", True, by=rina)

    registration = Registration.objects.get(pk=registration.pk)
    assert gather_facts(registration).manual_answers == {"M1": True}
    assert services.find_eligible(registration, by=rina).status == S.ELIGIBLE


# --- decisions


def test_return_registration_needs_something_to_mend(rina):
    registration = registration_in(S.IN_REVIEW, by=rina)

    with pytest.raises(errors.ReasonNeeded):
        services.return_registration(registration, by=rina)
    services.judge_document(registration.documents.get(type="KTP"), Verdict.RETURNED, "Buram.", by=rina)
    returned = services.return_registration(registration, by=rina)

    assert (returned.status, returned.reason, returned.claimed_by) == (S.RETURNED, "KTP atau paspor", None)
    assert returned.return_due_on == clock.today() + timedelta(days=7)
    assert mails(registration)[-1] == "registration_returned"


def test_find_eligible_names_what_blocks_and_how_to_clear_it(rina):
    registration = registration_in(S.IN_REVIEW, by=rina)

    with pytest.raises(errors.NotYetEligible) as refusal:
        services.find_eligible(registration, by=rina)

    assert "KTP" in str(refusal.value)
    assert Registration.objects.get(pk=registration.pk).status == S.IN_REVIEW
    assert not EligibilityCheck.objects.filter(stage="decision").exists()


def test_find_eligible_keeps_a_snapshot_and_tells(rina):
    registration = registration_in(S.IN_REVIEW, by=rina)
    services.accept_all_documents(registration, by=rina)

    found = services.find_eligible(registration, by=rina)
    with pytest.raises(errors.NotClaimed):
        services.find_eligible(registration, by=rina)

    check = EligibilityCheck.objects.get(stage="decision")
    assert (found.status, found.verified_by, check.outcome) == (S.ELIGIBLE, rina, "met")
    assert mails(registration)[-1] == "registration_eligible"
    assert acts(registration)[-1] == "registration_eligible"


def test_find_eligible_of_a_twin_waits_until_the_other_has_ended(rina):
    first = registration_in(S.SUBMITTED)
    twin = registration_in(S.IN_REVIEW, batch=first.batch, person=make_person(nik=first.person.identity), by=rina)
    services.accept_all_documents(twin, by=rina)

    with pytest.raises(errors.IdentityTaken):
        services.find_eligible(twin, by=rina)
    assert gather_facts(twin).duplicate_registration
    services.cancel_registration(first, "Bukan pemilik NIK.", by=rina)
    found = services.find_eligible(twin, by=rina)

    assert (found.status, found.identity_index) == (S.ELIGIBLE, first.person.identity_index)


def test_find_eligible_claims_the_number_that_the_person_has_now(rina):
    first = registration_in(S.SUBMITTED)
    other = registration_in(S.REJECTED, batch=first.batch, by=rina)
    number = {"identity": first.person.identity, "identity_index": first.person.identity_index}
    Person.objects.filter(pk=other.person_id).update(**number)  # mended for another scheme after the rejection

    reopened = services.reopen_after_objection(other, "Surat baru diterima.", by=rina)
    services.claim_for_review(reopened, by=rina)
    services.accept_all_documents(reopened, by=rina)

    assert reopened.identity_index is None
    with pytest.raises(errors.IdentityTaken):
        services.find_eligible(reopened, by=rina)


def test_find_eligible_does_not_trust_a_claim_of_another_number(rina):
    first = registration_in(S.SUBMITTED)
    other = registration_in(S.IN_REVIEW, batch=first.batch, by=rina)
    services.accept_all_documents(other, by=rina)
    number = {"identity": first.person.identity, "identity_index": first.person.identity_index}
    Person.objects.filter(pk=other.person_id).update(**number)

    with pytest.raises(errors.IdentityTaken):
        services.find_eligible(other, by=rina)
    assert gather_facts(Registration.objects.get(pk=other.pk)).duplicate_registration


def test_find_eligible_needs_an_identity_number(rina):
    registration = registration_in(S.IN_REVIEW, by=rina)
    Person.objects.filter(pk=registration.person_id).update(identity="", identity_index="", identity_mask="")

    with pytest.raises(errors.IdentityMissing):
        services.find_eligible(registration, by=rina)


def test_reject_and_reopen_after_objection(rina):
    registration = registration_in(S.IN_REVIEW, by=rina)

    with pytest.raises(errors.ReasonNeeded):
        services.reject_registration(registration, by=rina)
    rejected = services.reject_registration(registration, "Pengalaman kurang.", by=rina)
    with pytest.raises(errors.ReasonNeeded):
        services.reopen_after_objection(registration, by=rina)
    reopened = services.reopen_after_objection(registration, "Surat baru diterima.", by=rina)
    with pytest.raises(TransitionNotAllowed):
        services.reopen_after_objection(registration, "Lagi.", by=rina)

    assert (rejected.status, rejected.reason, reopened.status) == (S.REJECTED, "Pengalaman kurang.", S.SUBMITTED)
    assert mails(registration)[-2:] == ["registration_rejected", "registration_reopened"]


def test_reopen_is_refused_after_a_new_application(rina):
    registration = registration_in(S.REJECTED)
    services.start_registration(registration.batch, by=registration.person.user)

    with pytest.raises(errors.AnotherIsLive):
        services.reopen_after_objection(registration, "Diterima.", by=rina)
