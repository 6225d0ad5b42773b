"""One class for a whole module of tests: making it takes a second, and none of them changes it."""

import pytest
from django.db import transaction

from batches.states import BatchStatus
from tests.factories.classes import make_class


@pytest.fixture(scope="module")
def exam_class(django_db_setup, django_db_blocker):
    """A class of eight in its exam; what a test adds to it goes with the test, the class goes with the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_class(8, status=BatchStatus.EXAMINING)
        transaction.set_rollback(True)
