"""Locks that stay busy: tried twice, then a sentence; what a try has written is undone."""

import pytest
from django.db import OperationalError, transaction

from core.errors import DomainError, SystemBusy
from core.models import NumberSeries
from core.patience import DEADLOCK, LOCK_NOT_AVAILABLE, patient


class Refused(Exception):
    """What the database's driver raises under Django's error."""

    def __init__(self, pgcode):
        self.pgcode = pgcode


def service(*codes):
    """A service that writes a row, and whose first tries end with these codes of the database; and its tries."""
    tries = []

    @patient
    def write(series):
        tries.append(series)
        row = NumberSeries.objects.create(series=series, year=2026, last=len(tries))
        if len(tries) <= len(codes):
            raise OperationalError from Refused(codes[len(tries) - 1])
        return row

    return write, tries


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("code", [LOCK_NOT_AVAILABLE, DEADLOCK])
def test_busy_lock_is_tried_once_more(code):
    write, tries = service(code)

    row = write("a")

    assert (tries, row.last) == (["a", "a"], 2)
    assert NumberSeries.objects.get() == row


@pytest.mark.django_db(transaction=True)
def test_lock_that_stays_busy_is_a_sentence_and_nothing_is_written():
    write, tries = service(LOCK_NOT_AVAILABLE, DEADLOCK)

    with pytest.raises(SystemBusy, match="Coba lagi sebentar lagi") as busy:
        write("a")

    assert isinstance(busy.value, DomainError)  # so that views explain it
    assert len(tries) == 2
    assert not NumberSeries.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_called_within_a_transaction_decides_about_trying_again():
    write, tries = service(LOCK_NOT_AVAILABLE)

    with pytest.raises(SystemBusy), transaction.atomic():
        write("a")

    assert len(tries) == 1


@pytest.mark.django_db(transaction=True)
def test_other_faults_of_the_database_stay_faults():
    write, tries = service("57014")

    with pytest.raises(OperationalError):
        write("a")

    assert len(tries) == 1
