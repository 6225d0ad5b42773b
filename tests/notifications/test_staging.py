"""Held groups: compared with what was staged, released together or discarded; two releases at once send once."""

import pytest
from django.db import transaction

from core.clock import now
from notifications import registry
from notifications.errors import GroupChanged, NothingHeld
from notifications.models import Email, EmailEvent
from notifications.registry import Message
from notifications.selectors.held import Fate, compare_group
from notifications.services import discard_group, queue_email, release_group
from notifications.signals import email_queued
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db
KIND, GROUP = "test.decision", "decisions:abc"


@pytest.fixture
def facts(own_kinds):
    """What each mail says now, by its number; a number that is missing has lost its cause."""
    said = {1: "Lulus", 2: "Lulus", 3: "Lulus"}

    def render(params, language):
        return Message(f"Putusan {params['number']}", said[params["number"]]) if params["number"] in said else None

    registry.register(KIND, render, title="Putusan")
    return said


@pytest.fixture
def people(db):
    return [make_user(f"orang{n}@contoh.test", name=f"Orang {n}") for n in range(2)]


@pytest.fixture
def announced():
    ids = []

    def listen(email_id, **kwargs):
        ids.append(email_id)

    email_queued.connect(listen)
    yield ids
    email_queued.disconnect(listen)


def stage(to, number):
    return queue_email(KIND, to=to, group=GROUP, number=number)


def release(by):
    """What the page of now shows."""
    return release_group(GROUP, seen=compare_group(GROUP).mark, by=by)


def fates():
    return [mail.fate for mail in compare_group(GROUP).mails]


def test_group_waits_unannounced_and_goes_together(facts, people, admin, announced, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        mails = [stage(person, number) for number, person in enumerate(people, start=1)]
    assert announced == []
    assert {mail.status for mail in mails} == {"held"}

    with django_capture_on_commit_callbacks(execute=True):
        released = release(admin)

    assert released == (2, 0)
    assert set(announced) == {mail.pk for mail in mails}
    assert set(Email.objects.values_list("status", "held_text")) == {("queued", "")}
    last = EmailEvent.objects.filter(email=mails[0]).last()
    assert (last.status, last.by) == ("queued", admin)
    with pytest.raises(NothingHeld):
        release(admin)


def test_comparison_says_what_changed_since_it_was_staged(facts, people):
    stage(people[0], 1)
    stage(people[1], 2)
    facts[2] = "Lulus\nDatang lebih awal"

    same, changed = compare_group(GROUP).mails

    assert (same.fate, same.differences) == (Fate.GOES, [])
    assert (changed.fate, changed.differences) == (Fate.CHANGED, [("+", "Datang lebih awal")])


def test_lost_cause_is_cancelled_and_an_older_mail_gives_way_to_the_newer(facts, people, admin):
    older, newer, lost = stage(people[0], 1), stage(people[0], 2), stage(people[1], 3)
    del facts[1], facts[3]
    assert fates() == [Fate.SUPERSEDED, Fate.GOES, Fate.GONE]

    assert release(admin) == (1, 2)

    last = {mail.pk: mail.events.last() for mail in (older, newer, lost)}
    assert {pk: (event.status, event.reason) for pk, event in last.items()} == {
        older.pk: ("cancelled", "superseded:"), newer.pk: ("queued", ""), lost.pk: ("cancelled", "gone:"),
    }  # fmt: skip


def test_mail_that_cannot_be_written_stays_held_and_stops_no_other(facts, people, admin, monkeypatch):
    broken, fine = stage(people[0], 1), stage(people[1], 2)
    real = registry.render

    def render(kind, params, language):
        return 1 / 0 if params["number"] == 1 else real(kind, params, language)

    monkeypatch.setattr(registry, "render", render)
    assert fates() == [Fate.BROKEN, Fate.GOES]

    assert release(admin) == (1, 0)

    assert [Email.objects.get(pk=mail.pk).status for mail in (broken, fine)] == ["held", "queued"]
    assert discard_group(GROUP, codes=[broken.code], by=admin) == [broken]


@pytest.mark.parametrize("change", ["new mail", "other text", "cause gone", "discarded"])
def test_release_is_refused_when_the_group_is_not_what_the_page_had_shown(change, facts, people, admin):
    stage(people[0], 1)
    second = stage(people[1], 2)
    seen = compare_group(GROUP).mark
    if change == "new mail":
        stage(people[1], 3)
    elif change == "other text":
        facts[2] = "Tidak lulus"
    elif change == "cause gone":
        del facts[2]
    else:
        discard_group(GROUP, codes=[second.code], by=admin)

    with pytest.raises(GroupChanged):
        release_group(GROUP, seen=seen, by=admin)

    assert not Email.objects.filter(status="queued").exists()
    news, left = compare_group(GROUP).changed_since(seen)
    assert (len(news), left) == ((0, 1) if change == "discarded" else (1, 0))


def test_discarding_takes_back_the_chosen(facts, people, admin):
    first, second = stage(people[0], 1), stage(people[1], 2)

    assert discard_group(GROUP, codes=[first.code], by=admin) == [first]
    assert [mail.email for mail in compare_group(GROUP).mails] == [second]
    assert first.events.last().reason == "discarded:"

    with pytest.raises(NothingHeld):
        discard_group(GROUP, codes=[first.code], by=admin)


def test_other_groups_and_mails_held_for_their_files_stay(facts, people, admin):
    stage(people[0], 1)
    other = queue_email(KIND, to=people[0], group="decisions:xyz", number=2)
    waiting = queue_email(KIND, to=people[0], hold=True, number=3)

    release(admin)

    assert set(Email.objects.filter(status="held")) == {other, waiting}


def test_release_is_undone_with_its_transaction(facts, people, admin):
    mail = stage(people[0], 1)

    with transaction.atomic():
        release(admin)
        transaction.set_rollback(True)

    mail.refresh_from_db()
    assert (mail.status, mail.held_text) == ("held", "Lulus")
    assert mail.not_before <= now()
