"""The operations page, the health checks and the metrics, each with parts that are really broken."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse

from core import clock, ops
from notifications.states import EmailStatus
from tests.factories.facts import mark_everything
from tests.tot_portal.test_facts import make_mail
from tot_portal.checks import SWEEPS
from tot_portal.embedded import EmbeddedValkey
from tot_portal.operations import REFRESHES
from tot_portal.task_table import TASKS

TOKEN = "m0nitor-0123456789abcdefghij"
PAGE = "/operasi/"


def ready(client, status=200):
    response = client.get("/healthz/ready")
    assert response.status_code == status
    return response.json()


# --- health


def test_live_answers_without_the_database(client):
    response = client.get("/healthz/live")

    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_ready_names_every_check(client):
    mark_everything()

    answer = ready(client)

    names = ["database", "migrations", "beat", "workers", "broker", "sweeps", "mails", "jobs", "certificates", "disk"]
    assert answer == {"state": "ok", "checks": dict.fromkeys([*names, "backup", "restore_test"], "ok")}


@pytest.mark.django_db
def test_broker_that_stops_is_told_but_stops_nothing(client, settings, tmp_path):
    mark_everything()
    valkey = EmbeddedValkey(tmp_path / "valkey", fast=True)
    valkey.start()
    settings.REDIS_URL = valkey.url
    assert ready(client)["state"] == "ok"

    valkey.stop()

    answer = ready(client)
    assert (answer["state"], answer["checks"]["broker"], answer["checks"]["database"]) == ("degraded", "degraded", "ok")


def test_database_that_refuses_makes_the_portal_unready(client, django_db_blocker, tmp_path):
    with django_db_blocker.unblock():
        connection.close()
        with patch.dict(connection.settings_dict, HOST=str(tmp_path)):
            answer = ready(client, 503)
            connection.close()

    assert answer == {"state": "down", "checks": {"database": "down", "broker": "ok"}}


@pytest.mark.django_db
def test_database_of_an_older_release_makes_the_portal_unready(client):
    MigrationRecorder.Migration.objects.filter(app="core").delete()

    assert ready(client, 503) == {"state": "down", "checks": {"database": "ok", "migrations": "down"}}


@pytest.mark.django_db
def test_silent_beat_degrades(client):
    mark_everything()
    with clock.at(clock.now() - timedelta(minutes=3)):
        ops.mark(ops.BEAT)

    answer = ready(client)

    assert (answer["state"], answer["checks"]["beat"]) == ("degraded", "degraded")


@pytest.mark.django_db
def test_full_disk_degrades(client, settings):
    mark_everything()
    settings.DISK_FREE_LEAST_MB = 10_000_000

    assert ready(client)["checks"]["disk"] == "degraded"


@pytest.mark.django_db
def test_ready_takes_five_queries(client, django_assert_num_queries):
    ready(client)

    with django_assert_num_queries(5):
        ready(client)


# --- the page


@pytest.mark.django_db
def test_page_says_what_is_wrong_and_leads_there(admin, client_of):
    make_mail(EmailStatus.FAILED, failure_reason="never")

    page = client_of(admin).get(PAGE).content.decode()

    assert "1 surat tidak terkirim." in page
    assert f"{reverse('notifications:email_list')}?status=failed" in page
    assert "python manage.py backup" in page


@pytest.mark.django_db
def test_quiet_portal_is_said_to_be_good(admin, client_of):
    mark_everything()

    assert "Portal berjalan baik" in client_of(admin).get(PAGE).content.decode()


@pytest.mark.django_db
def test_broker_that_is_away_is_said(admin, client_of, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert "Broker tidak terjangkau." in client_of(admin).get(PAGE).content.decode()


@pytest.mark.django_db
def test_auditor_reads_without_links_to_pages_that_are_the_admins(auditor, client_of):
    make_mail(EmailStatus.FAILED, failure_reason="never")

    response = client_of(auditor).get(PAGE)

    assert "1 surat tidak terkirim." in response.content.decode()
    assert reverse("notifications:email_list") not in response.content.decode()


@pytest.mark.django_db
def test_page_renews_itself_less_long_than_a_session_lasts(admin, client_of):
    """Otherwise a page that is left open would keep its reader signed in."""
    client = client_of(admin)

    page = client.get(PAGE, {"ke": REFRESHES - 1}, headers={"HX-Request": "true"}).content.decode()
    last = client.get(PAGE, {"ke": REFRESHES}, headers={"HX-Request": "true"}).content.decode()

    assert f"?ke={REFRESHES}" in page
    assert "<html" not in page
    assert "hx-get" not in last
    assert "Perbarui halaman ini" in last


@pytest.mark.django_db
@pytest.mark.parametrize("nonsense", ["x", "-1", "9" * 30, "²"])
def test_nonsense_in_the_address_is_no_fault(admin, client_of, nonsense):
    assert client_of(admin).get(PAGE, {"ke": nonsense}).status_code == 200


@pytest.mark.django_db
def test_page_takes_as_many_queries_for_much_as_for_little(admin, client_of, django_assert_max_num_queries):
    client = client_of(admin)
    client.get(PAGE)
    for name in SWEEPS:
        ops.mark_sweep(name, 3)
    for _number in range(30):
        make_mail(EmailStatus.QUEUED)

    with django_assert_max_num_queries(12):
        client.get(PAGE)


def test_every_sweep_has_words():
    swept = {name for name, task in TASKS.items() if task.every} - {"tot_portal.tasks.watch"}

    assert swept == SWEEPS.keys()


# --- metrics


def test_without_a_token_there_are_no_metrics(client, db):
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize(
    ("header", "status"),
    [("", 401), (f"Basic {TOKEN}", 401), ("Bearer wrong", 403), ("Bearer ", 403), ("Bearer é", 403)],
)
def test_metrics_are_for_who_has_the_token(client, settings, header, status, db):
    settings.METRICS_TOKEN = TOKEN

    response = client.get("/metrics", headers={"Authorization": header})

    assert response.status_code == status
    assert b"tot_" not in response.content


@pytest.mark.django_db
def test_metrics_tell_the_facts(client, settings, django_assert_num_queries):
    settings.METRICS_TOKEN = TOKEN
    ops.mark_sweep("core.tasks.sweep_jobs", 4)
    make_mail(EmailStatus.FAILED, failure_reason="never")

    with django_assert_num_queries(6):
        response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    lines = response.content.decode().splitlines()
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    assert 'tot_mails{state="failed"} 1.0' in lines
    assert "tot_broker_up 1.0" in lines
    assert 'tot_sweep_found_total{sweep="core.tasks.sweep_jobs"} 4.0' in lines
    assert 'tot_check_state{check="mails"} 2.0' in lines
    assert not [line for line in lines if line.startswith("tot_beat_age")]  # it never ticked
