"""Attendance in HTTP: who sees and does what, what one save records, and how many queries a page costs."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from assessments.models import Attendance
from assessments.states import AttendanceStatus as A
from batches.models import Assignment, Batch, Session
from core import clock
from tests.factories import accounts
from tests.factories.attendance import attend_all, class_of_three, fresh, mark
from tests.factories.classes import facilitators_of, make_class, people_of
from tests.factories.participants import make_registration

pytestmark = pytest.mark.django_db
__all__ = ["class_of_three"]
LIST_QUERIES, DETAIL_QUERIES = 10, 12


@pytest.fixture
def batch(db, class_of_three):
    return fresh(class_of_three)


@pytest.fixture
def people(batch):
    return people_of(batch)


@pytest.fixture
def today(batch) -> Session:
    return session_on(batch, 3)


@pytest.fixture
def desk(admin, client_of):
    return client_of(admin)


def session_on(batch: Batch, day: int) -> Session:
    """Day 1 was the day before yesterday, 3 is today, 4 is to come."""
    return Session.objects.countable().filter(batch=batch, day=day, jp__gt=0).order_by("period").first()


def address(name: str, *things) -> str:
    return reverse(f"assessments:{name}", args=[thing.code for thing in things])


def marks_of(session: Session) -> dict[int, str]:
    return dict(Attendance.objects.current().filter(session=session).values_list("registration", "status"))


def as_shown(client, session: Session) -> dict[str, str]:
    """What the browser would send if one pressed save at once."""
    html = client.get(address("attendance_session", session.batch, session)).content.decode()
    inputs = [
        dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) | {"checked": "checked" in tag}
        for tag in re.findall(r"<input[^>]*>", html)
    ]
    return {
        one["name"]: one.get("value", "")
        for one in inputs
        if one.get("name", "").startswith(("status_", "minutes_", "seen"))
        and (one["checked"] or one["type"] != "radio")
    }


# --- the roll call


def test_two_exceptions_and_one_save_record_the_class(desk, batch, people, today):
    choices = as_shown(desk, today)
    choices |= {f"status_{people[0].code}": "absent", f"status_{people[1].code}": "sick"}

    response = desk.post(address("mark_attendance", batch, today), choices)

    assert response.url == address("attendance_board", batch)
    assert marks_of(today) == {people[0].pk: A.ABSENT, people[1].pk: A.SICK, people[2].pk: A.PRESENT}


def test_everybody_starts_present_and_nothing_is_recorded_before_saving(desk, batch, people, today):
    choices = as_shown(desk, today)

    assert {choices[f"status_{one.code}"] for one in people} == {"present"}
    assert Attendance.objects.count() == 0


def test_once_somebody_is_marked_the_others_are_not_guessed(desk, people, today):
    mark(today, people[0], A.SICK)

    choices = as_shown(desk, today)

    assert choices[f"status_{people[0].code}"] == "sick"
    assert f"status_{people[1].code}" not in choices


def test_all_present_works_without_javascript(desk, batch, people, today):
    mark(today, people[0], A.SICK)

    desk.post(address("mark_attendance", batch, today), as_shown(desk, today) | {"rest": "present"})

    assert marks_of(today) == {people[0].pk: A.SICK, people[1].pk: A.PRESENT, people[2].pk: A.PRESENT}


def test_empty_roll_call_says_what_to_choose(desk, batch, people, today):
    mark(today, people[0], A.SICK)

    response = desk.post(address("mark_attendance", batch, today), {})

    assert response.status_code == 422
    assert "Pilih kehadiran paling sedikit satu orang" in response.content.decode()


def test_minutes_beside_another_choice_are_asked_about_and_kept(desk, batch, people, today):
    one = people[0]
    choices = as_shown(desk, today) | {f"minutes_{one.code}": "15"}

    response = desk.post(address("mark_attendance", batch, today), choices)

    html = response.content.decode()
    assert response.status_code == 422
    assert f"Pilih Terlambat untuk {one.person.display_name}" in html
    assert re.search(rf'name="minutes_{one.code}" value="15"', html)
    assert Attendance.objects.count() == 0


def test_correction_after_the_day_asks_for_a_reason_and_keeps_the_choice(desk, batch, people):
    session = session_on(batch, 1)
    mark(session, people[0], A.ABSENT)
    choices = as_shown(desk, session) | {f"status_{people[0].code}": "excused"}

    refused = desk.post(address("mark_attendance", batch, session), choices)
    accepted = desk.post(address("mark_attendance", batch, session), choices | {"reason": "Surat izin menyusul."})

    assert refused.status_code == 422
    assert "Tulis alasan koreksi" in refused.content.decode()
    assert re.search(rf'name="status_{people[0].code}" value="excused"[^>]*checked', refused.content.decode())
    assert accepted.status_code == 302
    assert marks_of(session) == {people[0].pk: A.EXCUSED}


def test_what_somebody_else_marked_meanwhile_is_shown_first(desk, batch, people, today):
    choices = as_shown(desk, today)
    mark(today, people[0], A.ABSENT)

    refused = desk.post(address("mark_attendance", batch, today), choices)
    again = desk.post(address("mark_attendance", batch, today), choices | {"seen": "1"})

    assert refused.status_code == 422
    assert re.search(r'name="seen" value="1"', refused.content.decode())
    assert "Alpa" in refused.content.decode()
    assert again.status_code == 302
    assert set(marks_of(today).values()) == {A.PRESENT}


def test_session_to_come_shows_from_when_on(desk, batch):
    html = desk.get(address("attendance_session", batch, session_on(batch, 4))).content.decode()

    assert "Kehadiran sesi ini dapat dicatat mulai" in html
    assert "data-roll-call" not in html


def test_session_of_another_batch_is_not_found(desk, batch):
    other = session_on(make_class(1), 3)

    assert desk.get(address("attendance_session", batch, other)).status_code == 404


# --- the board


def test_board_shows_what_is_due_and_who_needs_a_make_up(desk, batch, people):
    missed = session_on(batch, 1)
    mark(missed, people[0], A.ABSENT)
    attend_all(batch, except_=[session_on(batch, 3)])

    html = desk.get(address("attendance_board", batch)).content.decode()

    assert "1 sesi belum dicatat lengkap." in html
    assert address("approve_make_up", batch, missed, people[0]) in html
    assert address("approve_make_up", batch, missed, people[1]) not in html


def test_unmarked_sessions_alone_need_no_make_up(desk, batch):
    assert "Perlu susulan" not in desk.get(address("attendance_board", batch)).content.decode()


def test_make_up_within_the_threshold_is_not_asked(desk, batch, people):
    scheme = batch.scheme
    scheme.settings["attendance"] = {"exam_min_percent": 80, "certificate_min_percent": 80}
    scheme.save()
    mark(session_on(batch, 1), people[0], A.ABSENT)

    assert "Perlu susulan" not in desk.get(address("attendance_board", batch)).content.decode()


def test_approved_make_up_is_recorded_and_leaves_the_list(desk, admin, batch, people):
    missed = session_on(batch, 1)
    mark(missed, people[0], A.ABSENT)

    empty = desk.post(address("approve_make_up", batch, missed, people[0]), {"reason": ""})
    response = desk.post(address("approve_make_up", batch, missed, people[0]), {"reason": "Tugas pengganti."})

    assert empty.status_code == 422
    assert response.status_code == 302
    row = Attendance.objects.current().get(registration=people[0])
    assert (row.status, row.marked_by, row.reason) == (A.MADE_UP, admin, "Tugas pengganti.")
    assert "Perlu susulan" not in desk.get(address("attendance_board", batch)).content.decode()


def test_sheet_to_sign_lists_everybody(desk, batch, people, today):
    html = desk.get(address("sign_in_sheet", batch, today)).content.decode()

    assert all(one.person.display_name in html for one in people)


# --- one's own


def own_page(client_of, registration) -> str:
    return client_of(registration.person.user).get(address("my_attendance", registration)).content.decode()


def test_own_page_says_that_all_is_well(client_of, batch, people):
    attend_all(batch)

    html = own_page(client_of, people[0])

    assert "Syarat kehadiran terpenuhi" in html
    assert "Kehadiran Anda 100%" in html


def test_own_page_names_what_is_missing_and_what_to_do(client_of, batch, people):
    missed = session_on(batch, 1)
    mark(missed, people[0], A.SICK)
    attend_all(batch)

    html = own_page(client_of, people[0])

    assert "Anda perlu sesi susulan" in html
    assert missed.title in html
    assert "Hubungi admin LSP" in html


def test_own_page_reminds_of_what_nobody_marked(client_of, batch, people):
    assert "Sebagian kehadiran belum dicatat" in own_page(client_of, people[0])


def test_own_page_shows_an_approved_make_up_with_its_reason(client_of, admin, batch, people):
    mark(session_on(batch, 1), people[0], A.MADE_UP, by=admin, reason="Tugas pengganti selesai.")

    html = own_page(client_of, people[0])

    assert "Susulan" in html
    assert "Tugas pengganti selesai." in html


def test_own_page_of_a_draft_waits(client_of, db):
    assert "Kehadiran belum dicatat untuk pendaftaran ini." in own_page(client_of, make_registration())


# --- who may


READ, WRITE, NO, HIDDEN = (200, 403), (200, 302), (403, 403), (404, 404)
MATRIX = {
    "admin": WRITE,
    "facilitator": WRITE,
    "other assessor": HIDDEN,
    "director": READ,
    "auditor": READ,
    "participant": NO,
}


@pytest.mark.parametrize(("person", "codes"), MATRIX.items())
def test_who_reads_and_who_marks(request, client_of, batch, people, today, person, codes):
    walkers = {
        "facilitator": lambda: with_factor(facilitators_of(batch)[0]),
        "other assessor": lambda: request.getfixturevalue("assessor"),
        "participant": lambda: people[0].person.user,
    }
    client = client_of(walkers.get(person, lambda: request.getfixturevalue(person))())

    read = client.get(address("attendance_session", batch, today)).status_code
    marked = client.post(
        address("mark_attendance", batch, today), {f"status_{people[1].code}": "present", "seen": "0"}
    ).status_code

    assert (read, marked) == codes
    assert Attendance.objects.count() == (1 if codes == WRITE else 0)


@pytest.mark.parametrize(
    ("role", "code"),
    [(Role.ADMIN, 302), (Role.DIRECTOR, 302), (Role.AUDITOR, 403), (Role.ASSESSOR, 403), (Role.PARTICIPANT, 403)],
)
def test_who_approves_make_ups(client_of, batch, people, role, code):
    missed = session_on(batch, 1)
    mark(missed, people[0], A.ABSENT)
    client = client_of(accounts.make_user(role=role))

    response = client.post(address("approve_make_up", batch, missed, people[0]), {"reason": "Tugas pengganti."})

    assert response.status_code == code


def test_facilitator_who_was_released_no_longer_sees_the_class(client_of, batch, today, admin):
    person = with_factor(facilitators_of(batch)[0])
    live = Assignment.objects.filter(batch=batch, person=person)
    live.update(released_at=clock.now(), released_by=admin)

    assert client_of(person).get(address("attendance_session", batch, today)).status_code == 404


def test_strangers_do_not_see_somebodys_own_page(client_of, people):
    client = client_of(people[1].person.user)

    assert client.get(address("my_attendance", people[0])).status_code == 404


def with_factor(user):
    """Staff made by the factory of classes, with the second factor that the portal asks of them."""
    TOTP.activate(user, generate_totp_secret())
    return user


# --- queries


def queries(client, where: str) -> int:
    client.get(where)  # sessions and caches warm
    with CaptureQueriesContext(connection) as context:
        assert client.get(where).status_code == 200
    return len(context)


@pytest.fixture(scope="module")
def counted():
    """Number of queries by page and size of the class, filled by the test below."""
    return {}


@pytest.mark.parametrize("size", [1, 30])
def test_pages_cost_the_same_for_one_and_thirty(desk, client_of, counted, size):
    batch = make_class(size, capacity=30)
    attend_all(batch, except_=[session_on(batch, 3)])
    today, one = session_on(batch, 3), people_of(batch)[0]
    own = client_of(one.person.user)

    for name, client, where, limit in [
        ("board", desk, address("attendance_board", batch), LIST_QUERIES),
        ("session", desk, address("attendance_session", batch, today), DETAIL_QUERIES),
        ("marked", desk, address("attendance_session", batch, session_on(batch, 1)), DETAIL_QUERIES),
        ("sheet", desk, address("sign_in_sheet", batch, today), DETAIL_QUERIES),
        ("make-up", desk, address("approve_make_up", batch, today, one), DETAIL_QUERIES),
        ("own", own, address("my_attendance", one), DETAIL_QUERIES),
    ]:
        number = queries(client, where)
        assert number <= limit, f"{name}: {number}"
        assert counted.setdefault(name, number) == number, name
