"""Migrations say what they do, can go back, and describe the models as they are."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.architecture.source import FLOORS

NAMELESS = re.compile(r"^\d{4}_auto|^\d{4}_alter_|^\d{4}_.*_and_more$")


def own_migrations():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {key: migration for key, migration in loader.disk_migrations.items() if key[0] in FLOORS}


def test_migrations_have_names():
    assert [f"{app}.{name}" for app, name in own_migrations() if NAMELESS.match(name)] == []


@pytest.mark.parametrize("name", ["0002_auto_20261124_0124", "0003_alter_batch_status", "0004_batch_city_and_more"])
def test_generated_name_is_found(name):
    assert NAMELESS.match(name)


def test_migrations_can_go_back():
    stuck = [
        f"{app}.{name}: {operation.describe()}"
        for (app, name), migration in own_migrations().items()
        for operation in migration.operations
        if not operation.reversible
    ]

    assert stuck == []


@pytest.mark.django_db
def test_migrations_describe_the_models():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


@pytest.mark.django_db
def test_history_is_whole():
    MigrationLoader(connection).check_consistent_history(connection)
