"""What a certificate asks for, one fact at a time; page and service read the same list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Lsp
from assessments.models import Attendance, Decision
from batches.models import Batch, Scheme
from certificates import services
from certificates.errors import CertificateNotReady
from certificates.selectors.checklist import PARTICIPANT, batch_checklists, issue_checklist
from core import clock
from core.errors import DomainError
from participants.models import Registration
from tests.factories.certificates import make_director, make_ready_class, sign
from tests.factories.classes import make_class, people_of
from tests.factories.results import make_appeal, make_result

pytestmark = pytest.mark.django_db


@pytest.fixture
def siti(db):
    return people_of(make_ready_class(1))[0]


def decision_of(registration) -> Decision:
    return Decision.objects.get(assessment__registration=registration)


def miss_a_session(registration):
    marks = Attendance.objects.filter(registration=registration, session__jp__gt=0)
    marks.filter(pk=marks.first().pk).update(status="absent")


def take_back_the_name(registration):
    Registration.objects.filter(pk=registration.pk).update(name_confirmed_at=None, name_confirmed_by=None)


def hide_the_result(registration):
    Decision.objects.filter(pk=decision_of(registration).pk).update(released_at=None, released_by=None)


def leave(registration):
    Registration.objects.filter(pk=registration.pk).update(status="withdrawn")
    Batch.objects.filter(pk=registration.batch_id).update(seats_held=0)


OBSTACLES = {
    "attendance": miss_a_session,
    "result": hide_the_result,
    "appeal": lambda registration: make_appeal(decision_of(registration)),
    "name": take_back_the_name,
    "signatories": lambda registration: Lsp.objects.update(signatories=[]),
    "seat": leave,
    "paper": lambda registration: Batch.objects.update(name="Angkatan 7 → 8"),
}
UNITS_TOO_MANY = [{"code": f"U{number}", "title": "Unit"} for number in range(15)]


def test_everything_met_is_ready(siti):
    checklist = issue_checklist(siti)

    assert [line.code for line in checklist.requirements] == [
        "seat", "attendance", "result", "appeal", "name", "signatories", "paper",
    ]  # fmt: skip
    assert checklist.is_ready
    assert checklist.missing == ()
    assert "100%" in checklist.requirements[1].detail


@pytest.mark.parametrize("code", OBSTACLES)
def test_each_fact_alone_stands_in_the_way(siti, code):
    OBSTACLES[code](siti)
    siti.refresh_from_db()

    assert [line.code for line in issue_checklist(siti).missing] == [code]
    assert [line.code for line in issue_checklist(siti, viewer=PARTICIPANT).missing] == [code]


@pytest.mark.parametrize("code", sorted(set(OBSTACLES) - {"seat", "paper"}))
def test_service_obeys_each_line(siti, code):
    OBSTACLES[code](siti)
    (listed,) = batch_checklists(siti.batch)

    with pytest.raises(CertificateNotReady) as refused:
        services.issue_certificates(siti.batch, [siti], by=make_director())

    assert [line.code for line in listed.missing] == [code]
    assert listed.missing[0].detail in str(refused.value)


@pytest.mark.parametrize(
    ("breach", "sentence"),
    [
        (lambda: Batch.objects.update(name="Angkatan 7 → 8"), "U+2192"),
        (lambda: Scheme.objects.update(units=UNITS_TOO_MANY), "1 sampai 14 unit"),
        (lambda: Registration.objects.update(certificate_name="Siti 😀"), "U+1F600"),
    ],
)
def test_paper_that_cannot_be_printed_is_said_by_page_and_service_alike(siti, breach, sentence):
    breach()
    batch = Batch.objects.get()
    (listed,) = batch_checklists(batch)

    with pytest.raises(DomainError) as refused:
        services.issue_certificates(batch, [siti], by=make_director())

    assert [line.code for line in listed.missing] == ["paper"]
    assert not listed.is_ready
    assert sentence in listed.missing[0].detail == str(refused.value)


def test_participant_reads_that_the_paper_is_the_lsps_to_mend(siti):
    OBSTACLES["paper"](siti)

    (line,) = issue_checklist(Registration.objects.get(), viewer=PARTICIPANT).missing

    assert line.detail == "Isinya belum dapat dicetak. LSP perlu memperbaikinya lebih dahulu."


def test_who_left_is_not_on_the_list_at_all(siti):
    leave(siti)

    assert batch_checklists(siti.batch) == []


def test_bk_is_said_after_the_release_only():
    batch = make_class(1)
    (registration,) = people_of(batch)
    sign()
    make_result(registration, "BK", released=False)

    assert issue_checklist(registration).requirements[2].detail == "Hasil sudah diputuskan, tetapi belum dirilis."
    assert issue_checklist(registration, viewer=PARTICIPANT).requirements[2].detail == "Hasil belum dirilis."

    Decision.objects.update(released_at=clock.now(), released_by=make_director())

    assert issue_checklist(registration, viewer=PARTICIPANT).requirements[2].detail == "Belum kompeten (BK)."


def test_unreleased_k_looks_like_nothing_to_the_participant(siti):
    hide_the_result(siti)
    hidden = issue_checklist(siti, viewer=PARTICIPANT).requirements[2]
    Decision.objects.all().delete()

    assert issue_checklist(siti, viewer=PARTICIPANT).requirements[2] == hidden


def test_revoked_person_is_ready_but_not_chosen_beforehand(siti):
    director = make_director()
    (certificate,) = services.issue_certificates(siti.batch, [siti], by=director)
    assert not issue_checklist(siti).is_ready
    services.revoke_certificate(certificate, "Keliru.", by=director)

    (listed,) = batch_checklists(siti.batch)

    assert (listed.is_ready, listed.is_ticked, listed.revoked) == (True, False, certificate)


def test_one_and_all_say_the_same(siti):
    miss_a_session(siti)
    (listed,) = batch_checklists(siti.batch)

    assert issue_checklist(siti).requirements == listed.requirements


def queries_of(batch) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        batch_checklists(batch)
    return len(seen)


def test_list_of_24_takes_as_many_queries_as_of_one():
    one, many = make_ready_class(1), make_ready_class(24)

    assert queries_of(one) == queries_of(many) <= 10
