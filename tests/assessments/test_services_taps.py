"""Taps through the service: stored once, answered as the first time, never silently overwritten."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from assessments import services
from assessments.errors.records import (
    KeyReused,
    NoConflict,
    NotRelevantHere,
    NotTheRecorder,
    RecordIsLocked,
    TapRefused,
)
from assessments.models import Rating, RatingEvent, Record
from assessments.records import rubric_of
from assessments.taps import Entry
from core.models import AuditEntry
from tests.assessments.shared_class import exam_class
from tests.assessments.tap_helpers import PHONE, TABLET, make_tap
from tests.factories.plays import make_play
from tests.factories.records import make_record, sign

pytestmark = pytest.mark.django_db
__all__ = ["exam_class"]


@pytest.fixture
def play(exam_class):
    return make_play(exam_class)


@pytest.fixture
def record(play):
    return make_record(play, "", evidence="")


def tap(record: Record, *args, **fields) -> dict:
    return services.record_tap(record, make_tap(*args, **fields), by=record.recorder)


def standing(record: Record, item: str = "PLN-01", aspect: str = "") -> tuple[str, str, int]:
    rating = Rating.objects.get(record=record, item=item, aspect=aspect)
    return rating.value, rating.note, rating.version


# --- one tap


def test_tap_is_stored_and_answered_with_what_stands(record):
    answer = tap(record, "T", note="Tidak menyebut tujuan")

    assert {name: answer[name] for name in ("item", "aspect", "value", "note", "version", "outcome")} == {
        "item": "PLN-01", "aspect": "", "value": "T", "note": "Tidak menyebut tujuan", "version": 1,
        "outcome": "applied",
    }  # fmt: skip
    assert answer["saved_at"].endswith("+07:00")
    assert answer["counts"]["PLN"] == [1, 10]
    assert standing(record) == ("T", "Tidak menyebut tujuan", 1)


def test_same_key_gets_the_first_answer_whatever_came_since(record):
    first = make_tap("Y")
    answer = services.record_tap(record, first, by=record.recorder)
    tap(record, "T", seq=2)

    again = services.record_tap(record, first, by=record.recorder)

    assert again == answer
    assert standing(record)[0] == "T"
    assert RatingEvent.objects.count() == 2


def test_same_key_gets_its_answer_even_when_the_sheet_is_locked(play):
    record = make_record(play)
    first = make_tap("Y")
    answer = services.record_tap(record, first, by=record.recorder)
    sign(record)

    assert services.record_tap(record, first, by=record.recorder) == answer
    with pytest.raises(RecordIsLocked):
        tap(record, "T", seq=2)


@pytest.mark.parametrize("change", [{"value": "T"}, {"note": "x"}, {"seq": 9}, {"base_version": 1}])
def test_same_key_with_another_body_is_refused(record, change):
    first = make_tap("Y")
    services.record_tap(record, first, by=record.recorder)

    with pytest.raises(KeyReused):
        services.record_tap(record, replace(first, **change), by=record.recorder)


def test_place_in_the_devices_order_is_used_once(record):
    tap(record, "Y", seq=1)

    with pytest.raises(KeyReused):
        tap(record, "T", seq=1)
    tap(record, "T", seq=1, client=PHONE, item="PLN-02")  # another device counts for itself


def test_key_of_another_record_is_refused(record, exam_class):
    first = make_tap("Y")
    services.record_tap(record, first, by=record.recorder)
    other = make_record(make_play(exam_class), "", evidence="")

    with pytest.raises(KeyReused):
        services.record_tap(other, first, by=other.recorder)


@pytest.mark.parametrize(
    ("item", "aspect", "value", "refusal"),
    [
        ("PLN-01", "", "TR", NotRelevantHere),
        ("POR-01", "", "TR", None),  # its method is not used
        ("PLN-09", "", "TR", None),  # conditional
        ("EV-MA-1", "VALID", "TR", NotRelevantHere),
        ("EV-MA-1", "VALID", "T", None),
        ("EV-MA-1", "", "Y", TapRefused),
        ("PLN-01", "VALID", "Y", TapRefused),
        ("EV-MA-1", "BARU", "Y", TapRefused),
        ("XXX-01", "", "Y", TapRefused),
        ("PLN-01", "", "K", TapRefused),
        ("PLN-01", "", "", None),  # taken back
    ],
)
def test_sheet_holds_only_what_the_rubric_allows(record, item, aspect, value, refusal):
    if refusal is None:
        assert tap(record, value, item, aspect=aspect)["outcome"] == "applied"
        return
    with pytest.raises(refusal):
        tap(record, value, item, aspect=aspect)
    assert RatingEvent.objects.count() == 0


def test_only_the_recorder_taps(record):
    with pytest.raises(NotTheRecorder):
        services.record_tap(record, make_tap(), by=User.objects.exclude(pk=record.recorder_id).first())


def test_taps_are_not_in_the_audit_log(record):
    before = AuditEntry.objects.count()
    tap(record)

    assert AuditEntry.objects.count() == before


# --- two devices


@pytest.fixture
def contested(record):
    tap(record, "Y", client=TABLET)
    tap(record, "T", client=PHONE, note="Tidak terdengar")
    return record


def test_two_devices_that_differ_are_both_shown(contested):
    rating = Rating.objects.get()

    assert (rating.value, rating.rival.value, rating.rival.note) == ("Y", "T", "Tidak terdengar")
    answer = tap(contested, "Y", client=TABLET, seq=2, note="jelas")
    assert (answer["outcome"], answer["rival"]) == ("applied", {"value": "T", "note": "Tidak terdengar"})


@pytest.mark.parametrize(("chooses_rival", "value"), [(True, "T"), (False, "Y")])
def test_assessor_chooses_and_it_is_on_record(contested, chooses_rival, value):
    key = Rating.objects.get().rival.key if chooses_rival else None

    services.resolve_conflict(contested, "PLN-01", "", key, by=contested.recorder)

    rating = Rating.objects.get()
    assert (rating.value, rating.rival, rating.version) == (value, None, 2)
    assert RatingEvent.objects.count() == 3
    entry = AuditEntry.objects.get(act="conflict_resolved")
    assert entry.changes == {"PLN-01": ["Y" if chooses_rival else "T", value]}
    with pytest.raises(NoConflict):
        services.resolve_conflict(contested, "PLN-01", "", None, by=contested.recorder)


def test_only_a_word_that_waits_can_be_chosen(contested):
    with pytest.raises(NoConflict):
        services.resolve_conflict(contested, "PLN-01", "", uuid4(), by=contested.recorder)
    with pytest.raises(NoConflict):
        services.resolve_conflict(contested, "PLN-02", "", None, by=contested.recorder)


def test_three_devices_wait_side_by_side(contested):
    third = UUID(int=3)
    tap(contested, "", client=third)

    rating = Rating.objects.get()
    assert rating.rival.client_id == third
    answer = tap(contested, "Y", client=third, seq=2)  # agrees after all: the phone still waits
    assert (answer["outcome"], answer["rival"]["value"]) == ("applied", "T")
    assert Rating.objects.get().rival.client_id == PHONE


# --- the plain form


def save(record, *entries, client=TABLET):
    return services.save_sheet(record, [Entry(*entry) for entry in entries], client_id=client, by=record.recorder)


def test_plain_form_takes_the_same_way(record):
    answers = save(record, ("PLN-01", "", "Y", "", 0), ("EV-MA-1", "ASLI", "T", "Salinan", 0))

    assert [answer["outcome"] for answer in answers] == ["applied", "applied"]
    assert standing(record, "EV-MA-1", "ASLI") == ("T", "Salinan", 1)
    assert list(RatingEvent.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]


def test_plain_form_sent_twice_is_stored_once(record):
    save(record, ("PLN-01", "", "Y", "", 0))

    assert save(record, ("PLN-01", "", "Y", "", 0)) == []
    assert RatingEvent.objects.count() == 1


def test_plain_form_of_an_old_page_conflicts_as_a_tap_does(record):
    tap(record, "Y", client=PHONE)

    answers = save(record, ("PLN-01", "", "T", "", 0), ("PLN-02", "", "Y", "", 0))

    assert [answer["outcome"] for answer in answers] == ["conflict", "applied"]
    assert standing(record)[0] == "Y"


def test_plain_form_is_saved_whole_or_not_at_all(record):
    with pytest.raises(NotRelevantHere):
        save(record, ("PLN-01", "", "Y", "", 0), ("PLN-02", "", "TR", "", 0))

    assert RatingEvent.objects.count() == Rating.objects.count() == 0


def test_whole_sheet_is_written_with_few_queries(record, django_assert_max_num_queries):
    places = [(one.id, "", "Y", "", 0) for one in rubric_of(record.role_play).criteria()]

    with django_assert_max_num_queries(9):
        save(record, *places)


# --- any order of arrival, any replay


@st.composite
def histories(draw):
    """Taps of two devices on two places, arriving in any order, some of them again."""
    taps = []
    for client in (TABLET, PHONE):
        words = draw(st.lists(st.tuples(st.sampled_from(["PLN-01", "PLN-09"]), st.sampled_from("YT")), max_size=4))
        taps += [make_tap(value, item, client=client, seq=seq) for seq, (item, value) in enumerate(words, start=1)]
    again = draw(st.lists(st.sampled_from(taps), max_size=4)) if taps else []
    return draw(st.permutations(taps + again))


def test_nothing_is_lost_or_doubled_in_any_order(record):
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(history=histories())
    def holds(history):
        with transaction.atomic():
            answers = {}
            for one in history:
                answer = services.record_tap(record, one, by=record.recorder)
                assert answers.setdefault(one.key, answer) == answer
            stored = set(RatingEvent.objects.values_list("key", flat=True))
            assert stored == {one.key for one in history}
            assert RatingEvent.objects.count() == len(stored)
            state = sorted(Rating.objects.values_list("item", "value", "version", "rival__key"))
            for one in history:
                services.record_tap(record, one, by=record.recorder)
            assert sorted(Rating.objects.values_list("item", "value", "version", "rival__key")) == state
            transaction.set_rollback(True)

    holds()


# --- the database holds what the services promise


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE assessments_rating SET value = 'T'",
        "DELETE FROM assessments_rating",
        "INSERT INTO assessments_rating (record_id, item, aspect, value, note, version) "
        "SELECT record_id, 'X', '', 'Y', '', 1 FROM assessments_rating LIMIT 1",
        "UPDATE assessments_record SET summary = 'lain'",
        "UPDATE assessments_record SET methods = '[]'",
        "DELETE FROM assessments_unitresult",
    ],
)
def test_signed_record_cannot_be_changed_even_by_sql(play, sql):
    sign(make_record(play))

    with (
        pytest.raises(IntegrityError, match="record .* is signed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_stored_tap_cannot_be_changed_even_by_sql(record):
    tap(record)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        RatingEvent.objects.update(value="T")
