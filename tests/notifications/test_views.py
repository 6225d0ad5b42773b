"""The admin's page of mails."""

import pytest
from django.urls import reverse

from notifications import services
from notifications.models import Email
from notifications.registry import Message
from notifications.states import EmailStatus

pytestmark = pytest.mark.django_db
S = EmailStatus
LIST = reverse("notifications:email_list")


def owe(address="siti@contoh.test", *, text="Isi surat", clear=False, **fields):
    email = services.queue_ready_email(
        "accounts.confirm_signup", address, Message("Salam", text), recipient=None, clear_after_sending=clear
    )
    Email.objects.filter(pk=email.pk).update(**fields)
    email.refresh_from_db()
    return email


def test_list_names_kind_state_recipient_and_reason(admin, client_of):
    owe(status=S.FAILED, failure_reason="login_refused: 535 no")

    page = client_of(admin).get(LIST).content.decode()

    for text in ["Konfirmasi akun baru", "Gagal", "siti@contoh.test", "menolak nama pengguna atau kata sandi SMTP"]:
        assert text in page


def test_list_is_filtered_by_state_and_address(admin, client_of):
    owe("siti@contoh.test", status=S.FAILED, failure_reason="lost:")
    owe("joko@contoh.test")

    failed = client_of(admin).get(LIST, {"status": "failed"})
    jokos = client_of(admin).get(LIST, {"q": "JOKO"})
    odd = client_of(admin).get(LIST, {"status": "x", "h": "x"})

    assert [row["email"].to_address for row in failed.context["rows"]] == ["siti@contoh.test"]
    assert [row["email"].to_address for row in jokos.context["rows"]] == ["joko@contoh.test"]
    assert len(odd.context["rows"]) == 2


def test_list_takes_the_same_queries_for_1_and_30_mails(admin, client_of, django_assert_num_queries):
    browser = client_of(admin)
    browser.get(LIST)
    owe()
    with django_assert_num_queries(7):
        browser.get(LIST)
    for number in range(29):
        owe(f"orang{number}@contoh.test")

    with django_assert_num_queries(7):
        browser.get(LIST)


def test_detail_shows_the_text_as_sent(admin, client_of):
    email = owe(status=S.FAILED, failure_reason="server_busy: 451 later")

    page = client_of(admin).get(reverse("notifications:email_detail", args=[email.code])).content.decode()

    for text in ["Isi surat", "451 later", "Kirim ulang"]:
        assert text in page


def test_detail_never_shows_the_links_of_account_mails(admin, client_of):
    email = owe(text="https://testserver/rahasia", clear=True)

    page = client_of(admin).get(reverse("notifications:email_detail", args=[email.code])).content.decode()

    assert "rahasia" not in page
    assert "Surat akun berisi tautan pribadi" in page


def test_retry_queues_a_failed_mail(admin, client_of):
    email = owe(status=S.FAILED, failure_reason="lost:")

    answer = client_of(admin).post(reverse("notifications:retry_email", args=[email.code]))

    email.refresh_from_db()
    assert answer.status_code == 302
    assert email.status == S.QUEUED


def test_retry_of_a_sent_mail_explains_itself(admin, client_of):
    email = owe()
    services.deliver_email(email.pk)
    detail = reverse("notifications:email_detail", args=[email.code])

    answer = client_of(admin).post(
        reverse("notifications:retry_email", args=[email.code]), {"next": detail}, follow=True
    )

    assert "Statusnya sekarang “Terkirim”" in answer.content.decode()


@pytest.mark.parametrize("who", ["participant", "assessor", "director", "auditor"])
def test_others_than_admins_are_refused(who, request, client_of):
    browser = client_of(request.getfixturevalue(who))

    assert browser.get(LIST).status_code == 403
    assert browser.post(reverse("notifications:retry_email", args=[owe().code])).status_code == 403


def test_stranger_signs_in_first(client_of):
    assert client_of(None).get(LIST).status_code == 302
