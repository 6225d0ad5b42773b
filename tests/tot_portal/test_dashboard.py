"""The admin's board: each number is the number of the rows behind it, and each blocker leads where it is cleared."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from assessments.selectors import board as classes
from batches.models import Batch
from batches.states import BatchStatus
from certificates.models import MOST_RENDERINGS, Certificate
from certificates.selectors import board as certificates
from certificates.selectors.checklist import batch_checklists
from core import clock
from notifications.models import Email
from notifications.states import EmailStatus
from participants.states import RegistrationStatus as S
from tests.factories import board as factories
from tests.factories.attendance import mark
from tests.factories.batches import make_batch, make_draft
from tests.factories.classes import make_class, people_of
from tests.factories.participants import make_registration
from tests.factories.results import make_attempt, make_result
from tests.tot_portal.pages import Page
from tot_portal.dashboard import Pending, batch_lines, half_year, month_back
from tot_portal.work import LISTS

pytestmark = pytest.mark.django_db
HOME = reverse("admin_home")
MOST_QUERIES = 20


def figures(response):
    return {figure.label: figure for _heading, found in response.context["groups"] for figure in found}


def test_each_figure_is_the_number_of_rows_behind_its_link(admin, client_of):
    factories.make_busy()
    client = client_of(admin)

    found = figures(client.get(HOME))
    behind = {label: client.get(one.url).context["page"].paginator.count for label, one in found.items()}

    assert {label: one.value for label, one in found.items()} == behind
    assert behind == {
        "menunggu diperiksa": 2, "menunggu perbaikan peserta": 1, "memenuhi syarat, belum dapat kursi": 1,
        "di daftar tunggu": 1, "surat keputusan ditahan, yang tertua sejak hari ini": 1,
        "sesi hari ini": 1, "sesi belum dicatat kehadirannya": 1,
        "role play selesai, belum ditandatangani": 3, "menunggu keputusan": 1, "banding berjalan": 1,
        "siap diterbitkan sertifikatnya": 1, "sertifikat belum berwujud berkas": 1, "surat belum terkirim": 1,
        "proses perlu dilihat": 1,
    }  # fmt: skip


def test_mail_that_is_tried_again_has_not_gone_out(admin, client_of):
    Email.objects.create(kind="receipt", to_address="siti@contoh.test", language="id", status=EmailStatus.RETRYING)
    client = client_of(admin)

    unsent = figures(client.get(HOME))["surat belum terkirim"]

    assert (unsent.value, unsent.tone) == (1, "warn")
    assert client.get(unsent.url).context["page"].paginator.count == 1


def test_empty_portal_counts_nothing_and_every_link_opens(admin, client_of):
    client = client_of(admin)

    found = figures(client.get(HOME))

    assert {one.value for one in found.values()} == {0}
    assert {client.get(one.url).status_code for one in found.values()} == {200}


def test_board_takes_the_same_queries_for_little_and_for_much(
    admin, client_of, django_assert_num_queries, django_assert_max_num_queries
):
    client = client_of(admin)
    factories.make_busy(6)
    client.get(HOME)  # the first visit of a session is noted
    with django_assert_max_num_queries(MOST_QUERIES) as few:
        client.get(HOME)

    for _number in range(2):
        factories.make_busy(8)
    make_draft()
    for _number in range(6):
        factories.make_queue()

    with django_assert_num_queries(len(few)):
        client.get(HOME)


@pytest.mark.parametrize("kind", LISTS)
def test_list_takes_the_same_queries_for_few_and_for_many(kind, admin, client_of, django_assert_max_num_queries):
    client = client_of(admin)
    address = reverse("work_list", args=[kind])
    factories.make_busy()
    client.get(address)  # the banner about mail asks once in half a minute, for all admins
    with django_assert_max_num_queries(10) as few:
        client.get(address)

    factories.make_busy()

    with django_assert_max_num_queries(len(few)):
        assert client.get(address).status_code == 200


def test_list_of_an_unknown_kind_is_not_there(admin, client_of):
    assert client_of(admin).get(reverse("work_list", args=["rahasia"])).status_code == 404


def test_list_of_files_says_in_words_which_are_stuck(admin, client_of):
    factories.make_busy()
    Certificate.objects.update(render_attempts=MOST_RENDERINGS, render_error="OSError: no such library")

    text = Page(client_of(admin).get(reverse("work_list", args=["belum-tercetak"]))).text()

    assert "Belum berhasil dibuat" in text
    assert "OSError" not in text


# --- what waits in classes


def test_session_waits_for_its_marks_only_when_it_has_ended_and_its_class_runs():
    batch = make_class(2, starts_in=-1)
    ended = [one for one in batch.sessions.countable() if one.ends_at <= clock.now()]
    assert set(classes.sessions_without_attendance()) == set(ended) != set()

    for session in ended:
        for person in people_of(batch):
            mark(session, person, "absent")
    assert not classes.sessions_without_attendance()

    make_registration(S.CONFIRMED, batch=batch)  # somebody who came later has no mark
    assert set(classes.sessions_without_attendance()) == set(ended)
    Batch.objects.filter(pk=batch.pk).update(status=BatchStatus.COMPLETED)
    assert not classes.sessions_without_attendance()


def test_people_who_can_no_longer_reach_the_gate_are_counted():
    batch = make_class(2, starts_in=-2)
    lost, fine = people_of(batch)
    weighing = [one for one in batch.sessions.countable().order_by("-jp") if one.jp]
    assert classes.people_beyond_the_gate() == {}  # what nobody has marked may still come

    for session in weighing[:8]:
        mark(session, lost, "absent")
        mark(session, fine, "late")

    assert classes.people_beyond_the_gate() == {batch.pk: 1}


def test_ready_people_are_those_whose_checklist_is_met():
    factories.sign_lsp()
    batch = factories.make_exam_class(10)
    people = people_of(batch)
    for person in people[:9]:
        make_result(person)
    make_result(people[9], "BK")
    sessions = [one for one in batch.sessions.countable() if one.jp]
    for session in sessions[:6]:
        session.attendances.filter(registration=people[1]).delete()
    factories.make_appeal(people[2].exam_attempts.get().decisions.get())
    people[3].name_confirmed_at = people[3].name_confirmed_by = None
    people[3].save()
    factories.make_certificate(people[4])
    make_attempt(people[5])  # a retake after a K that was not enough
    make_attempt(people[6], "void")
    people[7].exam_attempts.get().decisions.update(released_at=None, released_by=None)
    factories.make_certificate(
        people[8],
        status="revoked",
        revoked_at=clock.now(),
        revoked_by=people[8].person.user,
        revoke_reason="Salah nama.",
    )

    ready = certificates.ready_for_certificate(factories.sign_lsp())

    assert {one.pk for one in ready} == {one.registration.pk for one in batch_checklists(batch) if one.is_ready}
    assert {people.index(one) for one in ready} == {0, 6, 8}


def test_nobody_is_ready_while_nobody_can_sign():
    lsp = factories.sign_lsp()
    make_result(people_of(factories.make_exam_class(1))[0])
    assert len(certificates.ready_for_certificate(lsp)) == 1

    lsp.signatories = []

    assert certificates.ready_for_certificate(lsp) == []


# --- blockers


def blockers(user, batch):
    lsp = factories.sign_lsp()
    lines = batch_lines(Pending.read(lsp), lsp, user)
    return next(line.blockers for line in lines if line.batch == batch)


def test_blockers_say_what_waits_and_lead_to_the_page_that_clears_it(admin, client_of):
    batch = factories.make_busy()

    found = {one.text: one.url for one in blockers(admin, batch)}

    assert list(found) == [
        "1 sesi belum dicatat kehadirannya.",
        "3 role play selesai tetapi belum ditandatangani.",
        "1 hasil menunggu keputusan.",
        "1 keputusan belum dirilis.",
        "1 banding masih berjalan.",
        "1 peserta siap diterbitkan.",
        "1 sertifikat belum berwujud berkas.",
    ]
    assert {client_of(admin).get(url).status_code for url in found.values()} == {200}


def test_blocker_of_a_batch_that_is_being_prepared_is_its_missing_requirement(admin):
    batch = make_batch(starts_on=clock.today() + timedelta(days=30))

    found = {one.text.split(":")[0]: one.url for one in blockers(admin, batch)}

    assert found["Penguji"] == found["Fasilitator"] == reverse("batches:assign_staff", args=[batch.code])
    assert "Hari pertama" not in found  # only time mends it


def test_finished_batch_stays_on_the_board_while_something_waits_in_it(admin):
    batch = factories.make_busy()
    Batch.objects.filter(pk=batch.pk).update(status=BatchStatus.COMPLETED)

    assert "1 sertifikat belum berwujud berkas." in [one.text for one in blockers(admin, batch)]


def test_finished_batch_in_which_nothing_waits_leaves_the_board(admin):
    batch = make_class(1, status=BatchStatus.COMPLETED, starts_in=-20)
    lsp = factories.sign_lsp()

    assert batch not in [line.batch for line in batch_lines(Pending.read(lsp), lsp, admin)]


# --- the last half year


@pytest.mark.parametrize(
    ("day", "months", "first"),
    [
        (date(2026, 11, 24), 0, date(2026, 11, 1)),
        (date(2026, 11, 24), 5, date(2026, 6, 1)),
        (date(2026, 3, 31), 5, date(2025, 10, 1)),
        (date(2026, 1, 1), 1, date(2025, 12, 1)),
    ],
)
def test_months_are_counted_back_across_the_year(day, months, first):
    assert month_back(day, months) == first


def test_chart_counts_applications_by_the_day_of_sending_and_results_by_their_release():
    batch = make_class(3, starts_in=-2)
    one, two, three = people_of(batch)
    today = clock.today()
    two.submitted_at = clock.now() - timedelta(days=400)  # before the half year
    two.save(update_fields=["submitted_at"])
    make_result(one)
    make_result(two, "BK")
    make_result(three, released=False)
    make_registration(S.DRAFT, batch=batch)

    chart = half_year(today)

    assert [label for label, _values in chart.table][-1] == chart.groups[-1][1]
    assert chart.table[-1][1] == [2, 1, 1]
    assert [sum(values) for _label, values in chart.table[:-1]] == [0] * 5
