"""Timetables as iCalendar, read back with the library that calendars are tested with."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.urls import reverse
from icalendar import Calendar

from batches import services
from batches.models import Batch, SessionKind
from tests.factories.batches import make_draft, make_planner, make_venue
from tests.factories.schedule import as_planned, first_session, make_room, make_scheduled

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch():
    venue = make_venue(name="Gedung Cipta", address="Jalan Merdeka 1", city="Ambon", time_zone="Asia/Jayapura")
    return make_scheduled(name="Angkatan 12", venue=venue, time_zone="Asia/Jayapura")


def address(batch):
    return reverse("batches:batch_ics", args=[batch.code])


def entries(client, url):
    """UID -> entry of the calendar behind an address."""
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(event["uid"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_calendar_has_every_session_but_breaks(client, batch):
    found = entries(client, address(batch))

    assert len(found) == batch.sessions.exclude(kind=SessionKind.BREAK).count()


def test_entry_says_when_where_and_what(client, batch):
    session, room = first_session(batch), make_room(batch, name="Melati")
    services.update_session(session, as_planned(session, rooms=[room]), version=1, by=make_planner())

    event = entries(client, address(batch))[f"{session.code}@testserver"]

    assert event["dtstart"].dt == session.starts_at
    assert event["dtstart"].dt.tzinfo == ZoneInfo("Asia/Jayapura")
    assert event["dtend"].dt == session.ends_at
    assert str(event["location"]) == "Melati, Gedung Cipta, Jalan Merdeka 1, Ambon"
    assert str(event["summary"]) == f"{session.title} (Angkatan 12)"
    assert str(event["url"]) == settings.SITE_URL + reverse("participants:batch_page", args=[batch.code])
    assert (str(event["status"]), event["sequence"]) == ("CONFIRMED", 1)
    assert event["dtstamp"].dt.tzinfo in {UTC, ZoneInfo("UTC")}


def test_time_zone_is_described(client, batch):
    calendar = Calendar.from_ical(client.get(address(batch)).content)

    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Jayapura"]


def test_moved_entry_keeps_its_name_and_counts_on(client, batch):
    session = batch.sessions.filter(day=1).order_by("period").last()
    before = set(entries(client, address(batch)))
    for version in (1, 2):
        services.update_session(session, as_planned(session, later=30 * version), version=version, by=make_planner())

    found = entries(client, address(batch))

    assert set(found) == before
    event = found[f"{session.code}@testserver"]
    assert event["sequence"] == 2
    assert event["dtstart"].dt > session.starts_at


def test_cancelled_entry_stays_as_cancelled(client, batch):
    session = first_session(batch)
    services.cancel_session(session, "Listrik padam", by=make_planner())

    event = entries(client, address(batch))[f"{session.code}@testserver"]

    assert (str(event["status"]), event["sequence"]) == ("CANCELLED", 1)
    assert "Listrik padam" not in str(event["description"])  # why is for the class, not for everybody


def test_entry_is_written_the_same_way_each_time(client, batch):
    assert client.get(address(batch)).content == client.get(address(batch)).content


def test_public_calendar_names_nobody(client, batch):
    text = client.get(address(batch)).content.decode()

    assert not [str(one.person) for one in batch.assignments.all() if str(one.person) in text]


def test_batch_that_is_not_published_has_no_calendar(client):
    assert client.get(address(make_draft())).status_code == 404


def test_batch_without_a_place_has_no_location(client):
    batch = make_scheduled(venue=None)

    assert all("location" not in event for event in entries(client, address(batch)).values())
    assert Batch.objects.get(pk=batch.pk).venue is None
