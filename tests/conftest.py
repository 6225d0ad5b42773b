"""Fixtures that every test may use. The servers come from tests/embedded_servers.py."""

import pytest
from django.core.cache import cache
from hypothesis import settings as properties

from accounts import reference
from accounts.roles import Role
from core import limits
from tests.factories import accounts as people

properties.register_profile("gate", deadline=None)  # the gate counts and never times: a busy machine is no fault
properties.load_profile("gate")


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    """Counted tries of one test must not limit the next."""
    cache.clear()
    limits.forget()


@pytest.fixture
def admin(db):
    return people.make_user("rina@contoh.test", name="Rina Kusumawardani", role=Role.ADMIN)


@pytest.fixture
def assessor(db):
    return people.make_user("bambang@contoh.test", name="Bambang Hartono", role=Role.ASSESSOR)


@pytest.fixture
def director(db):
    return people.make_user("hendra@contoh.test", name="Hendra Wijaya", role=Role.DIRECTOR)


@pytest.fixture
def auditor(db):
    return people.make_user("maya@contoh.test", name="Maya Anggraini", role=Role.AUDITOR)


@pytest.fixture
def participant(db):
    return people.make_user("siti@contoh.test", name="Siti Rahmawati")


@pytest.fixture
def stranger(db):
    """Another participant, who has nothing to do with what the test is about."""
    return people.make_user("joko@contoh.test", name="Joko Santoso")


@pytest.fixture
def client_of():
    """client_of(user): a browser in which the user has just signed in; client_of(None): a stranger's."""
    return people.client_of


@pytest.fixture
def terms(db):
    """The shipped notice and declarations, in force."""
    reference.load()
