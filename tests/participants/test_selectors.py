"""What people are told: one text per state, the parts, the queue, the roster."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from core import clock
from notifications.registry import render
from notifications.services import queue_email
from participants import emails, selectors, services
from participants.models import Registration, RegistrationEvent
from participants.selectors import what_now
from participants.states import Part, Verdict
from participants.states import RegistrationStatus as S
from tests.factories.batches import make_batch, make_scheme
from tests.factories.participants import (
    accept_declarations,
    fill,
    make_document,
    make_nik,
    make_person,
    make_registration,
    registration_in,
)

pytestmark = pytest.mark.django_db
KIND_OF = {
    S.SUBMITTED: "registration_submitted",
    S.RETURNED: "registration_returned",
    S.ELIGIBLE: "registration_eligible",
    S.CONFIRMED: "registration_confirmed",
    S.WAITLISTED: "registration_waitlisted",
    S.REJECTED: "registration_rejected",
    S.WITHDRAWN: "registration_withdrawn",
    S.CANCELLED: "registration_cancelled",
    S.COMPLETED: "registration_completed",
}
WAITS_FOR_NOBODY = {S.COMPLETED, S.WITHDRAWN, S.CANCELLED}
BANNED = ["mohon", "silakan", "maaf", "valid", "wajib diisi", "terjadi kesalahan", "!"]


def reloaded(registration: Registration) -> Registration:
    return Registration.objects.select_related("person__user", "batch", "scheme").get(pk=registration.pk)


def person_of(registration: Registration, **fields) -> None:
    type(registration.person).objects.filter(pk=registration.person_id).update(**fields)


# --- what now


@pytest.mark.parametrize("viewer", ["participant", "staff"])
@pytest.mark.parametrize("status", S)
def test_what_now_has_words_for_every_state(status, viewer):
    now = what_now(reloaded(make_registration(status)), viewer=viewer)

    assert (now.status, now.state_label, now.tone) == (status.value, str(status.label), status.tone)
    assert now.title.endswith(".")
    assert bool(now.action_label) == bool(now.action_url)
    if viewer == "participant":
        assert now.who_acts or status in WAITS_FOR_NOBODY
    words = f"{now.title} {now.text} {now.next_action}".lower()
    assert [word for word in BANNED if word in words] == []


def test_draft_of_a_closed_batch_points_to_other_batches():
    registration = make_registration()

    with clock.at(registration.batch.registration_closes_at):
        now = what_now(registration)

    assert now.action_url == "/angkatan/"


def test_returned_names_each_document_its_reason_and_the_deadline():
    registration = make_registration(S.RETURNED)
    make_document(registration, "KTP", verdict=Verdict.RETURNED, reason="Gambar buram.")

    now = what_now(reloaded(registration))

    assert now.items == (("KTP atau paspor", "Gambar buram."),)
    assert now.deadline == clock.today() + timedelta(days=7)
    assert now.who_acts == "Anda"


def test_waiting_person_sees_the_position():
    batch = make_batch(capacity=1)
    make_registration(S.WAITLISTED, batch=batch, waitlist_key=5)
    second = make_registration(S.WAITLISTED, batch=batch, waitlist_key=5)

    assert selectors.waiting_position(second) == 2
    assert "urutan 2" in what_now(second).text
    assert selectors.waiting_position(make_registration(S.ELIGIBLE)) is None


def test_fair_day_to_withdraw_lies_before_the_start_and_never_in_the_past():
    batch = make_batch()

    assert selectors.withdraw_fairly_until(batch) == clock.add_working_days(batch.starts_on, -5)
    with clock.at(clock.now() + timedelta(days=39)):
        assert selectors.withdraw_fairly_until(batch) == clock.today()


# --- mails


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("status", "kind"), KIND_OF.items())
def test_mail_says_what_the_page_says_and_never_the_number(status, kind, language):
    registration = make_registration(status)
    event = RegistrationEvent.objects.create(registration=registration, to_status=status, reason=registration.reason)

    message = render(kind, {"registration_id": registration.pk, "event_id": event.pk}, language)

    with override(language):
        now = what_now(reloaded(registration))
        told = (now.title, now.reason, now.deadline_text, now.action_url, registration.number, now.state_label)
    for body in (message.text, message.html):
        assert [part for part in told if part not in body] == []
        assert registration.person.identity not in body
    assert registration.person.identity[-4:] not in message.subject
    assert message.subject.startswith("[") == (kind in emails.ASKS_FOR_AN_ACT)


def test_mail_tells_the_state_after_its_event_until_a_later_one_overtakes_it():
    registration = registration_in(S.RETURNED)
    event = registration.events.get(to_status=S.RETURNED)
    user = registration.person.user
    about = {"registration_id": registration.pk, "event_id": event.pk}

    message = render("registration_returned", about, "id")

    assert "Perlu perbaikan" in message.text
    assert "Lengkapi ijazah." in message.text

    part = registration.parts.get(part=Part.TARGET)
    services.save_part(registration, part.part, {"field": "Las"}, version=1, by=user, complete=True)
    services.submit_registration(registration, by=user)

    assert render("registration_returned", about, "id") is None


def test_mail_about_a_registration_that_is_gone_is_not_sent():
    assert emails.render("registration_submitted", {"registration_id": 0, "event_id": 0}, "id") is None


def test_every_kind_of_mail_can_be_owed():
    registration = make_registration(S.SUBMITTED)
    event = RegistrationEvent.objects.create(registration=registration, to_status=S.SUBMITTED)

    for kind in emails.KINDS:
        queue_email(kind, to=registration.person.user, registration_id=registration.pk, event_id=event.pk)


# --- parts


def test_asked_parts_follow_the_rules_of_the_scheme():
    general = selectors.asked_parts(selectors.rule_set_of(make_registration()))
    renewal = make_registration(batch=make_batch(scheme=make_scheme("ASKOM-RCC")))

    assert general == list(Part)
    assert selectors.asked_parts(selectors.rule_set_of(renewal)) == [
        Part.TARGET, Part.IDENTITY, Part.DOCUMENTS, Part.DECLARATIONS,
    ]  # fmt: skip


def test_part_states_from_nothing_to_everything():
    empty, full = make_registration(), fill(make_registration())

    nothing, everything = selectors.part_states(empty), selectors.part_states(full)

    assert {state.state for state in nothing} == {"todo"}
    assert nothing[0].part == Part.TARGET
    assert {state.state for state in everything} == {"done"}
    assert [state.version for state in everything][:3] == [1, 1, 1]
    assert {state.state for state in selectors.part_states(make_registration(S.SUBMITTED))} == {"locked"}


def test_part_states_in_between():
    registration = make_registration()
    make_document(registration, "KTP")
    accept_declarations(registration, ["KODE_ETIK"])
    services.save_part(registration, Part.TARGET, {"field": ""}, version=0, by=registration.person.user, complete=False)

    states = {state.part: state for state in selectors.part_states(registration)}

    assert (states[Part.TARGET].state, states[Part.DOCUMENTS].state) == ("started", "started")
    assert states[Part.DECLARATIONS].hint == "1 dari 3 pernyataan"


def test_returned_document_opens_the_documents_part_again():
    registration = fill(make_registration())
    registration.documents.filter(type="KTP").update(
        verdict=Verdict.RETURNED, reason="Buram.", judged_at=clock.now(), judged_by=registration.person.user
    )

    states = {state.part: state.state for state in selectors.part_states(registration)}

    assert states[Part.DOCUMENTS] == "started"


# --- facts


def test_gather_facts_takes_what_is_stored_and_no_identifier():
    registration = fill(make_registration(), verdict=Verdict.ACCEPTED)

    facts = selectors.gather_facts(registration)

    assert (facts.education_level, facts.birth_date, facts.nationality) == ("S1", date(1990, 8, 17), "WNI")
    assert facts.identity_verified
    assert (len(facts.experiences), facts.experiences[0].starts_on) == (1, date(2014, 1, 1))
    assert facts.declarations == {"KODE_ETIK", "KEABSAHAN_DOKUMEN", "HADIR_PENUH"}
    assert facts.document("APL01").present  # made at sending, never asked for
    assert registration.person.identity not in str(facts.to_json())


def test_evaluate_registration_of_a_whole_application():
    outcomes = {
        verdict: selectors.evaluate_registration(fill(make_registration(), verdict=verdict)).outcome
        for verdict in Verdict
    }

    assert outcomes == {Verdict.PENDING: "needs_proof", Verdict.ACCEPTED: "needs_proof", Verdict.RETURNED: "not_met"}


# --- the desk


def found(**filters) -> list[Registration]:
    return list(selectors.review_queue(filters))


def test_review_queue_searches_names_numbers_and_last_digits():
    siti = make_registration(S.SUBMITTED, person=make_person(full_name="Siti Rahmawati", nik=make_nik(serial=1233)))
    budi = make_registration(S.IN_REVIEW, person=make_person(full_name="Budi Santoso", nik=make_nik(serial=4566)))
    make_registration(S.DRAFT)

    assert found() == [siti, budi]
    assert found(q="rahma") == [siti]
    assert found(q="siti rah") == [siti]
    assert found(q="ahmawati") == []
    assert found(q=siti.number) == [siti]
    assert found(q=budi.code) == [budi]
    assert found(q=siti.person.identity_tail) == [siti]
    assert found(q="siti budi") == []


def test_review_queue_narrows_by_status_batch_and_age():
    old = make_registration(S.SUBMITTED, submitted_at=clock.now() - timedelta(days=8))
    new = make_registration(S.RETURNED)
    ended = make_registration(S.REJECTED, submitted_at=clock.now() - timedelta(days=9))

    assert found() == [old, new, ended]
    assert found(status="open") == [old]
    assert found(status="returned") == [new]
    assert found(batch=new.batch.code) == [new]
    assert found(age="7") == [old, ended]


def test_batch_roster_groups_everybody_in_order():
    batch = make_batch(capacity=2)
    people = {status: make_registration(status, batch=batch) for status in S}
    before = make_registration(S.WAITLISTED, batch=batch, waitlist_key=1)

    roster = selectors.batch_roster(batch)

    assert roster.seated == [people[S.CONFIRMED], people[S.COMPLETED]]
    assert roster.waiting == [before, people[S.WAITLISTED]]
    assert roster.eligible == [people[S.ELIGIBLE]]
    assert set(roster.under_way) == {people[S.SUBMITTED], people[S.IN_REVIEW], people[S.RETURNED]}
    assert set(roster.ended) == {people[S.REJECTED], people[S.WITHDRAWN], people[S.CANCELLED]}
    assert roster.count == len(S)  # without the draft, with the one who came before


def test_identity_twins_are_live_sent_and_of_the_same_scheme():
    first = make_registration(S.SUBMITTED)
    number = first.person.identity
    twin = make_registration(S.RETURNED, person=make_person(nik=number), identity_index=None)
    make_registration(S.DRAFT, person=make_person(nik=number))
    make_registration(S.CANCELLED, person=make_person(nik=number))
    make_registration(S.SUBMITTED)

    assert selectors.identity_twins(first) == [twin]
    assert selectors.identity_twins(twin) == [first]


def test_history_hides_the_desk_from_the_participant():
    registration = registration_in(S.RETURNED)

    seen = [item["title"] for item in selectors.history(registration)]
    whole = [item["title"] for item in selectors.history(registration, viewer="staff")]

    assert seen == ["Diajukan", "Perlu perbaikan"]
    assert whole == ["Diajukan", "Sedang diperiksa", "Perlu perbaikan"]
