"""Filling in and sending: what is stored, what is refused, who is told."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError

from batches.models import Batch, DocumentType
from core import clock
from core.errors import ChangedMeanwhile, TransitionNotAllowed
from core.files import read_file
from core.models import AuditEntry
from core.patience import LOCK_NOT_AVAILABLE
from notifications.models import Email
from participants import errors, services
from participants.models import ApplicationPart, Document, EligibilityCheck, Person, Registration, RegistrationEvent
from participants.selectors import gather_facts
from participants.services.moves import lock_registration
from participants.states import Part, Verdict
from participants.states import RegistrationStatus as S
from tests.factories.batches import make_batch, make_draft
from tests.factories.participants import (
    fill,
    make_admin,
    make_document,
    make_nik,
    make_person,
    make_registration,
    make_term,
    make_user,
    registration_in,
)
from tot_portal.demo_files import jpeg_bytes

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(Email.objects.order_by("id").values_list("kind", flat=True))


def acts(registration: Registration) -> list[str]:
    entries = AuditEntry.objects.filter(object_kind="participants.registration", object_id=str(registration.pk))
    return list(entries.order_by("id").values_list("act", flat=True))


# --- start


def test_start_registration_makes_one_draft_and_its_history():
    batch, user = make_batch(), make_user()

    first = services.start_registration(batch, by=user)
    second = services.start_registration(batch, by=user)

    assert (first.pk, first.status) == (second.pk, S.DRAFT)
    assert [event.to_status for event in first.events.all()] == [S.DRAFT]
    assert acts(first) == ["registration_started"]
    assert kinds() == []


def test_start_registration_refuses_a_batch_that_takes_nobody():
    with pytest.raises(errors.RegistrationClosed):
        services.start_registration(make_draft(), by=make_user())


def test_start_registration_refuses_after_the_window():
    batch = make_batch()

    with clock.at(batch.registration_closes_at), pytest.raises(errors.RegistrationClosed):
        services.start_registration(batch, by=make_user())


def test_start_registration_moves_a_draft_of_the_same_scheme_and_leaves_a_sent_one():
    user, first, second = make_user(), make_batch(), make_batch()
    draft = services.start_registration(first, by=user)

    moved = services.start_registration(second, by=user)
    Registration.objects.filter(pk=draft.pk).update(status=S.SUBMITTED, submitted_at=clock.now(), submitted_by=user)
    kept = services.start_registration(first, by=user)

    assert (moved.pk, moved.batch) == (draft.pk, second)
    assert (kept.pk, kept.batch_id) == (draft.pk, second.pk)


def test_start_registration_of_another_scheme_is_another_registration():
    from tests.factories.batches import make_scheme

    user = make_user()

    first = services.start_registration(make_batch(), by=user)
    second = services.start_registration(make_batch(scheme=make_scheme("ASKOM-RCC")), by=user)

    assert first.pk != second.pk


# --- parts


def test_save_part_counts_versions_and_keeps_the_other_devices_answers():
    registration = make_registration()
    user = registration.person.user

    row = services.save_part(registration, Part.TARGET, {"field": "Las"}, version=0, by=user, complete=True)
    with pytest.raises(ChangedMeanwhile):
        services.save_part(registration, Part.TARGET, {"field": "Pipa"}, version=0, by=user, complete=True)
    again = services.save_part(registration, Part.TARGET, {"field": "Listrik"}, version=1, by=user, complete=False)

    registration.refresh_from_db()
    assert (row.version, again.version, again.is_complete) == (1, 2, False)
    assert registration.target_field == "Listrik"
    assert registration.last_saved_at == again.saved_at


@pytest.mark.parametrize("status", [status for status in S if status not in (S.DRAFT, S.RETURNED)])
def test_save_part_is_refused_once_sent(status):
    registration = make_registration(status)

    with pytest.raises(errors.NotEditable):
        services.save_part(registration, Part.TARGET, {}, version=0, by=registration.person.user, complete=True)


def identity(**fields):
    return {
        "full_name": "Siti Rahmawati", "nationality": "WNI", "identity_kind": "nik", "identity": make_nik(serial=7),
        "sex": "P", "birth_date": clock.today().replace(year=1990, month=8, day=17), "phone": "+628111",
    } | fields  # fmt: skip


def test_save_identity_seals_masks_and_hashes_and_never_audits_the_number():
    registration = make_registration(person=Person.objects.create(user=make_user()))
    number = make_nik(serial=7)

    row = services.save_identity(registration, identity(), version=0, by=registration.person.user)

    person = Person.objects.get(pk=registration.person_id)
    assert (person.identity, person.identity_tail, person.identity_findings) == (number, number[-4:], [])
    assert person.identity_mask == f"{number[:4]} •••• •••• {number[-4:]}"
    assert row.data == {}
    assert number not in str(AuditEntry.objects.filter(act="identity_saved").values_list("changes", flat=True))


def test_save_identity_reports_differences_without_blocking():
    registration = make_registration()

    services.save_identity(registration, identity(sex="L"), version=0, by=registration.person.user)

    assert Person.objects.get(pk=registration.person_id).identity_findings == ["sex_differs"]


def test_save_identity_keeps_the_number_when_none_is_typed():
    registration = make_registration()
    number = registration.person.identity

    services.save_identity(registration, identity(identity=""), version=0, by=registration.person.user)

    assert Person.objects.get(pk=registration.person_id).identity == number


def test_save_identity_forgets_the_number_of_the_other_kind():
    registration = make_registration()

    services.save_identity(
        registration, identity(identity_kind="passport", identity=""), version=0, by=registration.person.user
    )

    person = Person.objects.get(pk=registration.person_id)
    assert (person.identity, person.identity_index, person.identity_mask) == ("", "", "")


def test_save_identity_is_locked_while_another_application_is_with_the_lsp():
    from tests.factories.batches import make_scheme

    first = make_registration(S.SUBMITTED)
    second = make_registration(batch=make_batch(scheme=make_scheme("ASKOM-RCC")), person=first.person)

    with pytest.raises(errors.IdentityLocked):
        services.save_identity(second, identity(full_name="Nama Lain"), version=0, by=first.person.user)

    assert not ApplicationPart.objects.exists()


def returned_with_accepted_card(admin):
    """Its KTP was accepted, then it was returned for something else."""
    registration = registration_in(S.IN_REVIEW, by=admin)
    services.accept_all_documents(registration, by=admin)
    return services.return_registration(registration, "Lengkapi ijazah.", by=admin)


def test_changed_identity_is_compared_with_the_card_again():
    registration = returned_with_accepted_card(make_admin())
    user, card = registration.person.user, registration.documents.get(type="KTP", superseded_at=None)

    services.save_identity(registration, {"phone": "+6281200000000"}, version=1, by=user)
    assert gather_facts(registration).identity_verified
    services.save_identity(registration, {"identity": make_nik()}, version=2, by=user)

    card.refresh_from_db()
    registration.person.refresh_from_db()
    assert (card.verdict, card.judged_at, card.judged_by) == (Verdict.PENDING, None, None)
    assert not gather_facts(Registration.objects.get(pk=registration.pk)).identity_verified


def test_trying_numbers_on_a_returned_application_tells_nobody_who_is_registered():
    registered = registration_in(S.SUBMITTED)
    answers = set()
    for number in (registered.person.identity, make_nik()):
        registration = returned_with_accepted_card(make_admin())
        user = registration.person.user
        services.save_identity(registration, {"identity": number}, version=1, by=user)
        facts = gather_facts(Registration.objects.get(pk=registration.pk))
        answers.add((facts.duplicate_registration, facts.identity_verified))

    assert len(answers) == 1


def test_accept_declarations_records_each_consent_once():
    registration = make_registration()
    for code in ("KODE_ETIK", "KEABSAHAN_DOKUMEN", "HADIR_PENUH"):
        make_term(code)

    first = services.accept_declarations(registration, ["KODE_ETIK", "LAIN"], by=registration.person.user)
    second = services.accept_declarations(
        registration, ["KODE_ETIK", "KEABSAHAN_DOKUMEN", "HADIR_PENUH"], by=registration.person.user
    )

    assert (first.is_complete, second.is_complete) == (False, True)
    assert registration.person.user.consents.count() == 3


# --- documents


def upload(name: str = "ktp.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg_bytes("KTP"), "image/jpeg")


def test_attach_document_supersedes_the_one_before():
    registration = make_registration()
    user, ktp = registration.person.user, DocumentType.objects.get(code="KTP")

    first = services.attach_document(registration, ktp, upload(), by=user)
    second = services.attach_document(registration, ktp, upload(), {"number": "1", "issued_on": clock.today()}, by=user)

    first.refresh_from_db()
    assert first.superseded_at is not None
    assert registration.documents.get(superseded_at=None) == second
    assert second.fields == {"number": "1", "issued_on": clock.today().isoformat()}


@pytest.mark.django_db(transaction=True)
def test_attach_document_keeps_the_whole_file_when_the_lock_was_busy_at_first(monkeypatch):
    registration, tries = make_registration(), []

    def busy_once(registration):
        tries.append(registration)
        if len(tries) == 1:
            raise OperationalError from Busy()
        return lock_registration(registration)

    monkeypatch.setattr("participants.services.applications.lock_registration", busy_once)
    ktp = DocumentType.objects.get(code="KTP")

    document = services.attach_document(registration, ktp, upload(), by=registration.person.user)

    assert len(tries) == 2
    assert read_file(document.file).startswith(b"\xff\xd8\xff")


class Busy(Exception):
    pgcode = LOCK_NOT_AVAILABLE


def test_attach_document_refuses_what_the_scheme_does_not_ask_for():
    registration = make_registration()

    for code in ("SKCK", "APL01"):
        with pytest.raises(errors.DocumentNotAsked):
            services.attach_document(
                registration, DocumentType.objects.get(code=code), upload(), by=registration.person.user
            )


def test_returned_application_opens_only_what_was_returned():
    admin = make_admin()
    registration = registration_in(S.IN_REVIEW, by=admin)
    papers = {document.type_id: document for document in registration.documents.all()}
    services.judge_document(papers["KTP"], Verdict.RETURNED, "Buram.", by=admin)
    services.judge_document(papers["CV"], Verdict.ACCEPTED, by=admin)
    registration = services.return_registration(registration, by=admin)
    user, types = registration.person.user, DocumentType.objects.in_bulk()

    with pytest.raises(errors.DocumentLocked):
        services.attach_document(registration, types["PASFOTO"], upload(), by=user)
    with pytest.raises(errors.DocumentLocked):
        services.remove_document(Document.objects.get(pk=papers["CV"].pk), by=user)
    with pytest.raises(errors.DocumentsMissing, match="KTP"):
        services.submit_registration(registration, by=user)
    services.attach_document(registration, types["KTP"], upload(), by=user)
    replaced = services.attach_document(registration, types["KTP"], upload(), by=user)
    sent = services.submit_registration(registration, by=user)

    assert (sent.status, sent.reason, sent.return_due_on) == (S.SUBMITTED, "", None)
    assert sent.documents.get(type="KTP", superseded_at=None) == replaced


def test_update_and_remove_document():
    registration = make_registration()
    document = make_document(registration, "SERKOM")
    user = registration.person.user

    services.update_document_fields(document, {"number": "9", "level": 5, "issuer": ""}, by=user)
    services.remove_document(document, by=user)

    document.refresh_from_db()
    assert document.fields == {"number": "9", "level": 5}
    assert document.superseded_at is not None


def test_second_click_on_remove_is_told_and_changes_nothing():
    registration = make_registration()
    document = make_document(registration, "SERKOM")
    user = registration.person.user
    services.remove_document(document, by=user)

    with pytest.raises(ChangedMeanwhile):
        services.remove_document(document, by=user)
    with pytest.raises(ChangedMeanwhile):
        services.update_document_fields(document, {"number": "9"}, by=user)


# --- submit


def test_submit_registration_keeps_a_snapshot_makes_the_forms_and_tells_the_person():
    registration = fill(make_registration())

    sent = services.submit_registration(registration, by=registration.person.user)
    again = services.submit_registration(registration, by=registration.person.user)

    assert (sent.status, again.pk, again.submitted_at) == (S.SUBMITTED, sent.pk, sent.submitted_at)
    assert sent.review_due_on == clock.add_working_days(clock.today(), 5)
    assert sent.identity_index == registration.person.identity_index
    assert set(sent.documents.filter(source="form").values_list("type_id", flat=True)) == {"APL01", "APL02"}
    assert kinds() == ["registration_submitted"]
    assert acts(sent) == ["registration_submitted"]
    check = EligibilityCheck.objects.get()
    assert (check.stage, check.outcome, check.facts["birth_date"]) == ("submission", "needs_proof", None)
    assert registration.person.identity not in str(check.facts)


def test_submit_registration_needs_a_verified_address():
    registration = fill(make_registration(person=make_person(make_user(verified=False))))

    with pytest.raises(errors.EmailNotVerified):
        services.submit_registration(registration, by=registration.person.user)


def test_submit_registration_names_the_parts_that_are_missing():
    registration = make_registration()

    with pytest.raises(errors.PartsIncomplete) as refusal:
        services.submit_registration(registration, by=registration.person.user)

    assert "Data diri" in str(refusal.value)
    assert RegistrationEvent.objects.filter(to_status=S.SUBMITTED).count() == 0


def test_submit_registration_names_the_documents_that_are_missing():
    registration = fill(make_registration(), without=["IJAZAH", "REKOM", "SERKOM", "INTERNAL"])

    with pytest.raises(errors.DocumentsMissing) as refusal:
        services.submit_registration(registration, by=registration.person.user)

    assert "Surat rekomendasi LSP" in str(refusal.value)
    assert " atau " in str(refusal.value)  # certificate or internalisation


def test_submit_registration_refuses_after_the_window():
    registration = fill(make_registration())

    with clock.at(registration.batch.registration_closes_at), pytest.raises(errors.RegistrationClosed):
        services.submit_registration(registration, by=registration.person.user)


def test_mended_application_is_taken_after_the_window_and_makes_new_forms():
    registration = registration_in(S.RETURNED)
    user = registration.person.user
    part = registration.parts.get(part=Part.SELF_ASSESSMENT)
    services.save_part(registration, part.part, {"answers": {"MAPA": "BK"}}, version=1, by=user, complete=True)
    before = dict(registration.documents.filter(source="form").values_list("type_id", "pk"))

    with clock.at(registration.batch.registration_closes_at):
        sent = services.submit_registration(registration, by=user)

    after = dict(sent.documents.filter(source="form", superseded_at=None).values_list("type_id", "pk"))
    assert sent.status == S.SUBMITTED
    assert (after["APL01"] == before["APL01"], after["APL02"] == before["APL02"]) == (True, False)


def test_twin_gets_the_same_receipt_and_holds_no_claim():
    first = registration_in(S.SUBMITTED)
    twin = fill(make_registration(batch=first.batch, person=make_person(nik=first.person.identity)))

    sent = services.submit_registration(twin, by=twin.person.user)

    assert (sent.status, sent.identity_index) == (S.SUBMITTED, None)
    assert kinds() == ["registration_submitted", "registration_submitted"]


@pytest.mark.parametrize("status", [S.REJECTED, S.WITHDRAWN, S.CANCELLED, S.CONFIRMED])
def test_submit_registration_from_elsewhere_is_refused(status):
    registration = registration_in(status)
    before = Registration.objects.values().get(pk=registration.pk)

    with pytest.raises(TransitionNotAllowed):
        services.submit_registration(registration, by=registration.person.user)

    assert Registration.objects.values().get(pk=registration.pk) == before


def test_reveal_identity_is_on_record_with_its_reason():
    registration, admin = make_registration(), make_admin()

    with pytest.raises(errors.ReasonNeeded):
        services.reveal_identity(registration.person, " ", by=admin)
    number = services.reveal_identity(registration.person, "Mencocokkan KTP", by=admin)

    entry = AuditEntry.objects.get(act="identity_revealed")
    assert (number, entry.reason, entry.actor_id) == (registration.person.identity, "Mencocokkan KTP", admin.pk)
    assert number not in str(entry.__dict__)


def test_purge_old_drafts_deletes_only_what_nobody_touched_for_30_days():
    batch = make_batch()
    old, young, sent = (
        fill(make_registration(batch=batch)),
        make_registration(batch=batch),
        registration_in(S.SUBMITTED),
    )
    long_ago = clock.now() - timedelta(days=31)
    Registration.objects.filter(pk__in=[old.pk, sent.pk]).update(last_saved_at=long_ago)

    assert services.purge_old_drafts() == 1
    assert services.purge_old_drafts() == 0

    assert set(Registration.objects.values_list("pk", flat=True)) == {young.pk, sent.pk}
    assert AuditEntry.objects.filter(act="draft_purged").count() == 1
    assert Batch.objects.get(pk=batch.pk).seats_held == 0


def test_purge_deletes_drafts_that_were_withdrawn_unsent():
    registration = fill(make_registration())
    services.withdraw_registration(registration, by=registration.person.user)
    Registration.objects.update(last_saved_at=clock.now() - timedelta(days=31))

    assert services.purge_old_drafts() == 1

    assert not Registration.objects.exists()
    assert not Document.objects.exists()


def test_steps_helper_reaches_every_state():
    for status in S:
        batch = make_batch(capacity=1)
        if status == S.WAITLISTED:
            registration_in(S.CONFIRMED, batch=batch)
        assert registration_in(status, batch=batch).status == status
