"""Many real connections at once: numbers without gap, one certificate per person, one file.

The control numbers by looking at the highest one, and must go wrong: so the race is really there.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Barrier, Lock
from time import sleep

import pytest
from django.db import connection, transaction

from certificates import services
from certificates.errors import CertificateNotReady
from certificates.models import Certificate, CertificateEvent
from certificates.services import numbering
from core.models import StoredFile
from notifications.models import Email
from notifications.states import EmailStatus
from participants.models import Registration
from tests.factories.certificates import make_certificate, make_director, make_ready_class
from tests.factories.classes import people_of

pytestmark = pytest.mark.django_db(transaction=True)
CONNECTIONS, BATCHES, PEOPLE = 25, 5, 10
ALL = BATCHES * PEOPLE


def at_once(acts: Iterable[Callable[[], object]]) -> list[object]:
    """Shares the acts out to threads with a connection each, all begun together; results, or the errors raised."""
    acts = list(acts)
    threads = min(CONNECTIONS, len(acts))
    begin = Barrier(threads)

    def work(mine: list[Callable[[], object]]) -> list[object]:
        begin.wait(timeout=30)
        try:
            return [attempt(act) for act in mine]
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        shares = pool.map(work, [acts[first::threads] for first in range(threads)])
        return [result for share in shares for result in share]


def attempt(act: Callable[[], object]) -> object:
    try:
        return act()
    except Exception as error:  # the test looks at what came out
        return error


def fifty_people() -> list[Registration]:
    """Of several batches, in turn."""
    batches = [people_of(make_ready_class(PEOPLE)) for _number in range(BATCHES)]
    return [person for row in zip(*batches, strict=True) for person in row]


def issue_each(people: list[Registration]) -> list[object]:
    director = make_director()
    return at_once(lambda one=one: services.issue_certificates(one.batch, [one], by=director) for one in people)


class TurningClock:
    """Stands a millisecond before New Year in Jakarta until it was read `before` times, then moves past it."""

    NEW_YEAR = datetime(2026, 12, 31, 17, tzinfo=UTC)

    def __init__(self, before: int) -> None:
        self.before, self.readings, self.lock = before, count(), Lock()

    def now(self) -> datetime:
        with self.lock:
            reading = next(self.readings)
        return self.NEW_YEAR + timedelta(microseconds=reading - self.before)


def numbers_of(year: int) -> list[int]:
    """In the order of their moments of issue."""
    rows = Certificate.objects.filter(year=year).order_by("issued_at", "seq")
    return list(rows.values_list("seq", flat=True))


def test_50_parallel_issues_across_the_turn_of_the_year_leave_no_gap(monkeypatch):
    people, turned = fifty_people(), []
    clock = TurningClock(before=61)  # two readings an issue: an odd number leaves somebody between the two
    really_take = numbering._take

    def take(year, zone):
        try:
            return really_take(year, zone)
        except numbering._YearTurned:
            turned.append(year)
            raise

    monkeypatch.setattr(numbering, "clock", clock)
    monkeypatch.setattr(numbering, "_take", take)

    results = issue_each(people)

    assert [one for one in results if isinstance(one, Exception)] == []
    old, new = numbers_of(2026), numbers_of(2027)
    assert len(old) + len(new) == ALL
    assert old == list(range(1, len(old) + 1)) != []
    assert new == list(range(1, len(new) + 1)) != []
    assert turned  # somebody waited across New Year and gave the old number back
    assert Email.objects.filter(kind="certificate_issued", status=EmailStatus.HELD).count() == ALL


def number_by_looking() -> None:
    """What numbering would be without the counter: look at the highest, then write."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq), 0) + 1 FROM naive_numbers")
        number = cursor.fetchone()[0]
        sleep(0.002)  # any act does some work between the look and the write
        cursor.execute("INSERT INTO naive_numbers VALUES (%s)", [number])


def test_control_that_looks_for_the_highest_number_doubles_it():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_numbers (seq integer)")
    try:
        at_once(number_by_looking for _number in range(ALL))
        with connection.cursor() as cursor:
            cursor.execute("SELECT seq FROM naive_numbers")
            numbers = [row[0] for row in cursor.fetchall()]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE naive_numbers")

    assert len(numbers) == ALL
    assert len(set(numbers)) < ALL


def test_50_parallel_issues_of_lists_with_ten_undone_leave_no_gap():
    """Ten of the fifty fail after they have their number; the others' numbers close the gap."""
    people, director = fifty_people(), make_director()

    def act(one, fails):
        with transaction.atomic():
            services.issue_certificates(one.batch, [one], by=director)
            if fails:
                raise ZeroDivisionError

    results = at_once(lambda one=one, fails=place % 5 == 0: act(one, fails) for place, one in enumerate(people))

    assert {type(one) for one in results} == {type(None), ZeroDivisionError}
    issued = Certificate.objects.order_by("seq")
    assert [one.seq for one in issued] == list(range(1, ALL - ALL // 5 + 1))
    assert [one.pk for one in issued] == [one.pk for one in issued.order_by("issued_at")]


def test_the_same_list_clicked_by_many_is_issued_once():
    batch, director = make_ready_class(3), make_director()
    people = people_of(batch)

    results = at_once(lambda: services.issue_certificates(batch, people, by=director) for _number in range(8))

    refused = [one for one in results if isinstance(one, Exception)]
    assert {type(one) for one in refused} == {CertificateNotReady}
    assert len(refused) == 7
    assert list(Certificate.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3]


def test_three_renderings_at_once_keep_one_file_and_owe_one_mail():
    certificate = make_certificate()

    at_once(lambda: services.render_and_store(certificate.pk) for _number in range(3))

    certificate.refresh_from_db()
    assert StoredFile.objects.filter(purpose="sertifikat").count() == 1
    assert certificate.events.filter(kind=CertificateEvent.Kind.RENDERED).count() == 1
    assert Email.objects.get(kind="certificate_issued").status != EmailStatus.HELD


def test_revocations_at_once_end_in_one():
    certificate, director = make_certificate(), make_director()

    results = at_once(lambda: services.revoke_certificate(certificate, "Keliru.", by=director) for _number in range(6))

    assert sum(not isinstance(one, Exception) for one in results) == 1
    assert certificate.events.filter(kind=CertificateEvent.Kind.REVOKED).count() == 1
    assert Email.objects.filter(kind="certificate_revoked").count() == 1
