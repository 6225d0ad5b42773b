"""The banner of admins while mail does not go out: how many, why, and where to mend it."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from core import clock
from notifications import services
from notifications.models import Email
from notifications.registry import Message
from notifications.selectors import MailTrouble, mail_trouble
from notifications.states import EmailStatus as S

pytestmark = pytest.mark.django_db


def owe(number, *, age=0, **fields):
    for _one in range(number):
        email = services.queue_ready_email("tests.x", "a@contoh.test", Message("Salam", "Isi"), recipient=None)
        at = clock.now() - timedelta(minutes=age)
        Email.objects.filter(pk=email.pk).update(**{"created_at": at, "not_before": at} | fields)


def soon():
    return clock.now() + timedelta(minutes=5)


def test_quiet_while_mail_goes_out():
    owe(1, age=9)
    owe(1, status=S.RETRYING, failure_reason="no_connection: x", not_before=soon())  # for five minutes only
    owe(1, age=11, status=S.RETRYING, failure_reason="deferred: greylisted", not_before=soon())  # one server's wish
    owe(1, age=11, status=S.CANCELLED, failure_reason="mail_refused: x")

    assert mail_trouble() is None


def test_counts_what_failed_and_what_waits_with_the_most_frequent_reason():
    owe(2, status=S.FAILED, failure_reason="login_refused: 535")
    owe(1, status=S.FAILED, failure_reason="mail_refused: 554")
    owe(1, age=11, status=S.RETRYING, failure_reason="no_connection: x", not_before=soon())
    owe(1, age=11)

    assert mail_trouble() == MailTrouble(failed=3, overdue=2, code="login_refused")


def test_of_two_reasons_that_of_the_whole_server_counts_more():
    owe(1, status=S.FAILED, failure_reason="address_refused: 550")
    owe(1, status=S.FAILED, failure_reason="login_refused: 535")

    assert mail_trouble().code == "login_refused"


def test_one_query_in_half_a_minute_for_all_admins(django_assert_num_queries):
    owe(1, status=S.FAILED, failure_reason="login_refused: 535")

    with django_assert_num_queries(1):
        assert mail_trouble() == mail_trouble()

    Email.objects.all().delete()
    cache.clear()
    with django_assert_num_queries(1):
        assert mail_trouble() is mail_trouble() is None


def banner(browser):
    page = browser.get(reverse("batches:manage_list")).content.decode()
    return [text for text in ["gagal terkirim", "tertahan lebih dari 10 menit", "kata sandi SMTP"] if text in page]


def test_admin_sees_it_on_every_page_until_the_mails_are_sent_again(admin, client_of):
    owe(2, status=S.FAILED, failure_reason="login_refused: 535")
    browser = client_of(admin)
    assert banner(browser) == ["gagal terkirim", "kata sandi SMTP"]

    browser.post(reverse("notifications:retry_all_emails") + "?status=failed")

    assert banner(browser) == []


def test_worker_that_is_gone_is_told(admin, client_of):
    owe(1, age=11)

    page = client_of(admin).get(reverse("batches:manage_list")).content.decode()

    assert "1 surat tertahan lebih dari 10 menit." in page
    assert "Proses pengirim surat tidak berjalan." in page
    assert f"{reverse('notifications:email_list')}?status=waiting" in page


def test_others_do_not_see_it(director, client_of):
    owe(1, status=S.FAILED, failure_reason="login_refused: 535")

    assert banner(client_of(director)) == []
