"""Mails as notices in the portal: whose, which, read or not."""

import re
from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from accounts.backends import PortalBackend
from core import clock
from core.templatetags.ui import moment
from notifications import registry, services
from notifications.models import Email
from notifications.registry import Message
from notifications.selectors.notices import notices_of, unread_count, with_visible_at
from notifications.states import EmailStatus

pytestmark = pytest.mark.django_db
S = EmailStatus
LIST = reverse("notifications:notice_list")


def page_of(notice, name="notice_detail"):
    return reverse(f"notifications:{name}", args=[notice.code])


def set_fields(email, **fields):
    Email.objects.filter(pk=email.pk).update(**fields)


@pytest.mark.parametrize("status", [S.QUEUED, S.SENDING, S.RETRYING, S.SENT, S.FAILED])
def test_mail_is_a_notice_whatever_became_of_its_sending(participant, owe, status):
    email = owe(participant)
    set_fields(email, status=status, claimed_at=clock.now(), sent_at=clock.now(), failure_reason="lost:")

    assert list(notices_of(participant)) == [email]


def test_held_and_cancelled_mails_and_those_that_came_written_are_none(participant, admin, owe):
    services.queue_email("tests.greeting", to=participant, hold=True, thing_id=1)
    services.cancel_email(owe(participant), by=admin)
    for kind, clear in [("accounts.reset_password", True), ("notifications.wording_test", False)]:
        services.queue_ready_email(
            kind, participant.email, Message("S", "https://x"), recipient=participant, clear_after_sending=clear
        )

    assert not notices_of(participant).exists()


def test_notices_are_those_of_their_recipient(participant, stranger, owe):
    owe(participant)

    assert (unread_count(participant), unread_count(stranger)) == (1, 0)


def test_read_is_kept_once_and_by_the_recipient_alone(participant, stranger, owe):
    notice = owe(participant)

    services.mark_read(notice, by=stranger)
    assert unread_count(participant) == 1
    services.mark_read(notice, by=participant)
    notice.refresh_from_db()
    first = notice.read_at
    services.mark_read(notice, by=participant)

    notice.refresh_from_db()
    assert notice.read_at == first is not None


def test_mark_all_leaves_what_came_after_the_page_and_what_is_others(participant, stranger, owe):
    owe(participant), owe(stranger)
    shown = clock.now()
    later = owe(participant)
    later.events.update(at=shown + timedelta(seconds=1))

    assert services.mark_all_read(until=shown, by=participant) == 1

    assert list(notices_of(participant).filter(read_at=None)) == [later]
    assert unread_count(stranger) == 1


def test_mark_all_leaves_what_was_held_when_the_page_was_shown(participant, owe):
    held = services.queue_email("tests.greeting", to=participant, hold=True, thing_id=1)
    owe(participant)
    shown = clock.now()
    services.release_held("tests.greeting", thing_id=1)

    assert services.mark_all_read(until=shown, by=participant) == 1

    assert list(notices_of(participant).filter(read_at=None)) == [held]


def test_notice_became_visible_when_it_was_first_queued(participant, owe):
    notice, unknown = owe(participant), owe(participant)
    unknown.events.all().delete()  # of a time without histories
    queued = clock.now() + timedelta(hours=1)
    notice.events.update(at=queued)
    notice.events.create(status=S.QUEUED, at=queued + timedelta(hours=1))

    visible = dict(with_visible_at(notices_of(participant)).values_list("pk", "visible_at"))

    assert visible == {notice.pk: queued, unknown.pk: unknown.created_at}


# --- the pages


def test_list_has_unread_first_then_the_newest(participant, client_of, owe):
    old, read, new = (owe(participant, thing_id=number) for number in range(3))
    services.mark_read(read, by=participant)

    answer = client_of(participant).get(LIST)

    assert [row["notice"] for row in answer.context["rows"]] == [new, old, read]
    assert "Salam 2 id" in answer.content.decode()


def test_list_and_notice_tell_when_it_became_visible(participant, client_of, owe):
    held, newer = owe(participant), owe(participant)
    released = clock.now() + timedelta(days=3)
    held.events.update(at=released)
    set_fields(held, status=S.SENT, sent_at=released + timedelta(days=3))
    browser = client_of(participant)

    answer = browser.get(LIST)

    assert [row["notice"] for row in answer.context["rows"]] == [held, newer]
    for page in (answer, browser.get(page_of(held))):
        assert moment(released) in page.content.decode()
        assert moment(released + timedelta(days=3)) not in page.content.decode()


def test_list_takes_the_same_queries_for_1_and_30_notices(participant, client_of, owe, django_assert_max_num_queries):
    browser = client_of(participant)
    owe(participant)
    browser.get(LIST)
    with django_assert_max_num_queries(10) as one:
        browser.get(LIST)
    for number in range(29):
        owe(participant, thing_id=number)

    with django_assert_max_num_queries(len(one)):
        page = browser.get(LIST)

    assert page.content.decode().count("notice-open") == 20


def test_empty_list_says_what_will_appear(participant, client_of):
    page = client_of(participant).get(LIST).content.decode()

    assert "Belum ada pemberitahuan" in page
    assert "muncul di sini" in page
    assert "bell-count" not in page


def test_bell_counts_unread_on_every_page(participant, client_of, owe):
    owe(participant)

    page = client_of(participant).get(reverse("about")).content.decode()

    assert '<span class="bell-count">1<' in page
    assert LIST not in client_of(None).get(reverse("about")).content.decode()


def test_person_of_a_session_is_found_with_the_count_in_one_query(participant, owe, django_assert_num_queries):
    read = owe(participant)
    owe(participant)
    services.mark_read(read, by=participant)

    with django_assert_num_queries(1):
        assert PortalBackend().get_user(participant.pk).unread_notices == 1


def test_person_who_was_deactivated_leaves_every_session(participant):
    type(participant).objects.filter(pk=participant.pk).update(is_active=False)

    assert PortalBackend().get_user(participant.pk) is None


def test_opening_from_the_list_marks_as_read_and_reading_alone_writes_nothing(participant, client_of, owe):
    notice = owe(participant)
    browser = client_of(participant)

    browser.get(page_of(notice))
    assert unread_count(participant) == 1
    answer = browser.post(page_of(notice, "open_notice"))

    assert (answer.status_code, answer.url) == (302, page_of(notice))
    assert unread_count(participant) == 0


@pytest.mark.parametrize("status", [S.SENT, S.FAILED])
def test_notice_shows_its_text_as_it_was_written_with_live_links(participant, client_of, owe, status):
    notice = owe(participant)
    text = "Lihat https://testserver/hasil/ <b>\n--\nLSP Contoh, Jalan Merdeka"
    set_fields(notice, status=status, sent_at=clock.now(), failure_reason="lost:", body_text=text)

    page = client_of(participant).get(page_of(notice)).content.decode()

    assert '<a href="https://testserver/hasil/"' in page
    assert "&lt;b&gt;" in page
    assert "Jalan Merdeka" not in page
    assert ("tidak sampai ke email Anda" in page) is (status == S.FAILED)


@pytest.mark.parametrize("text", ["Fakta\nTenggat", "Fakta\n--\nTenggat\n--\nLSP Contoh, Jalan Merdeka"])
def test_line_of_dashes_in_a_text_cuts_nothing_of_it_off(participant, client_of, owe, text):
    notice = owe(participant)
    set_fields(notice, body_text=text)

    page = client_of(participant).get(page_of(notice)).content.decode()

    assert "Tenggat" in page
    assert "Jalan Merdeka" not in page


@pytest.mark.parametrize(
    ("reason", "is_theirs"),
    [("address_refused: 550", True), ("mailbox_full: 552", True), ("login_refused: 535", False), ("lost:", False)],
)
def test_notice_sends_to_the_own_address_only_when_that_was_refused(participant, client_of, owe, reason, is_theirs):
    notice = owe(participant)
    set_fields(notice, status=S.FAILED, failure_reason=reason)

    page = client_of(participant).get(page_of(notice)).content.decode()

    assert ("Periksa alamat email Anda" in page) is is_theirs


@pytest.mark.parametrize("error", [OSError, Http404, KeyError])
def test_notice_that_cannot_be_written_now_says_so(participant, client_of, owe, caplog, error):
    def write(params, language):
        raise error

    notice = owe(participant)
    registry.register("tests.greeting", write, title="Salam")

    answer = client_of(participant).get(page_of(notice))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "belum dapat ditampilkan" in page
    assert "tidak berlaku lagi" not in page
    assert str(notice.code) in caplog.text


def test_notice_whose_mail_waits_is_written_from_the_facts_of_now(participant, client_of, owe, greeting):
    notice = owe(participant)
    browser = client_of(participant)
    assert "Bahasa Indonesia" in browser.get(page_of(notice)).content.decode()

    greeting.add(7)

    page = browser.get(page_of(notice)).content.decode()
    assert "tidak berlaku lagi" in page


def test_notice_whose_cause_is_gone_leaves_the_list_when_its_mail_is_cancelled(participant, owe, greeting):
    notice = owe(participant)
    greeting.add(7)

    services.deliver_email(notice.pk)

    assert unread_count(participant) == 0


@pytest.mark.parametrize("name", ["notice_detail", "open_notice"])
def test_strangers_notice_is_not_there(participant, stranger, admin, client_of, owe, name):
    notice = owe(participant)

    for who in (stranger, admin):
        browser = client_of(who)
        ask = browser.get if name == "notice_detail" else browser.post
        assert ask(page_of(notice, name)).status_code == 404
    assert unread_count(participant) == 1


@pytest.mark.parametrize("until", [
    "", "x", "2026-13-45T99:00", "2026-01-01T00:00", "9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:59",
])  # fmt: skip
def test_mark_all_button_reads_its_moment_or_takes_now(participant, client_of, owe, until):
    owe(participant)

    answer = client_of(participant).post(reverse("notifications:read_all_notices"), {"until": until})

    assert answer.status_code == 302
    assert unread_count(participant) == 0


def test_mark_all_button_of_the_page_leaves_what_came_after_it(participant, client_of, owe):
    owe(participant)
    browser = client_of(participant)
    until = re.search(r'name="until" value="([^"]+)"', browser.get(LIST).content.decode())[1]
    later = owe(participant)
    later.events.update(at=clock.now() + timedelta(seconds=2))

    browser.post(reverse("notifications:read_all_notices"), {"until": until})

    assert list(notices_of(participant).filter(read_at=None)) == [later]
