"""One class for a whole module of tests: making it takes a second, and none of them changes it."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction

from batches.states import BatchStatus
from tests.factories.classes import examiners_of, facilitators_of, make_class


@pytest.fixture(scope="module")
def exam_class(django_db_setup, django_db_blocker):
    """A class of eight in its exam whose staff can sign in; what a test adds to it goes with the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        batch = make_class(8, status=BatchStatus.EXAMINING)
        for person in [*facilitators_of(batch), *examiners_of(batch)]:
            TOTP.activate(person, generate_totp_secret())
        yield batch
        transaction.set_rollback(True)
