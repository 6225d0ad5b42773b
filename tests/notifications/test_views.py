"""The admin's page of mails."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from notifications import reasons, services
from notifications.models import Email, EmailEvent
from notifications.registry import Message
from notifications.services.ledger import note
from notifications.states import EmailStatus

pytestmark = pytest.mark.django_db
S = EmailStatus
LIST = reverse("notifications:email_list")
MOVE, ALL = reverse("notifications:move_emails"), reverse("notifications:retry_all_emails")


def of(name, email):
    return reverse(f"notifications:{name}", args=[email.code])


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


def found(browser, **query):
    return [row.email.to_address for row in browser.get(LIST, query).context["rows"]]


def test_list_is_searched_and_filtered(admin, participant, client_of):
    owe("siti@contoh.test", status=S.FAILED, failure_reason="lost:", recipient=participant, subject="Kabar kursi")
    owe("joko@contoh.test")
    browser = client_of(admin)

    assert found(browser, status="failed") == ["siti@contoh.test"]
    assert found(browser, q="JOKO") == ["joko@contoh.test"]
    assert found(browser, q="rahmawati") == ["siti@contoh.test"]
    assert found(browser, q="kabar k") == ["siti@contoh.test"]
    assert len(found(browser, q="akun baru")) == 2  # the kind in words
    assert len(found(browser, kind="accounts.confirm_signup")) == 2
    assert found(browser, kind="accounts.invitation") == []
    assert len(found(browser, status="x", kind="y", h="x")) == 2


def test_list_finds_what_needs_care(admin, client_of):
    now = clock.now()
    owe("gagal@contoh.test", status=S.FAILED, failure_reason="mail_refused:")
    owe("macet@contoh.test", not_before=now - timedelta(minutes=11))
    owe("tunggu@contoh.test", status=S.RETRYING, failure_reason="no_connection:", not_before=now + timedelta(minutes=5),
        created_at=now - timedelta(minutes=11))  # fmt: skip
    owe("nanti@contoh.test", status=S.RETRYING, failure_reason="deferred:", not_before=now + timedelta(minutes=5),
        created_at=now - timedelta(minutes=11))  # fmt: skip
    owe("baru@contoh.test")
    browser = client_of(admin)

    assert found(browser, status="trouble") == ["nanti@contoh.test", "tunggu@contoh.test", "gagal@contoh.test"]
    assert found(browser, status="waiting") == ["tunggu@contoh.test", "macet@contoh.test"]


def test_pills_count_within_the_filter(admin, client_of):
    owe("siti@contoh.test")
    owe("joko@contoh.test", status=S.FAILED, failure_reason="lost:")

    pills = client_of(admin).get(LIST, {"q": "joko"}).context["pills"]

    assert [(pill["label"], pill["count"], pill["url"]) for pill in pills] == [
        ("Semua", 1, f"{LIST}?q=joko"), ("Gagal", 1, f"{LIST}?q=joko&status=failed"),
    ]  # fmt: skip


def test_list_takes_the_same_queries_for_1_and_30_mails(admin, client_of, django_assert_max_num_queries):
    browser = client_of(admin)
    browser.get(LIST)
    owe()
    with django_assert_max_num_queries(10) as one:
        browser.get(LIST)
    for number in range(29):
        owe(f"orang{number}@contoh.test")

    with django_assert_max_num_queries(len(one)):
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


def test_detail_tells_the_history_with_reasons_and_who(admin, client_of):
    email = owe()
    note([email.pk], S.QUEUED, reason="lost:")
    Email.objects.update(status=S.FAILED, failure_reason="server_busy: 451 later")
    services.retry_email(email, by=admin)
    services.deliver_email(email.pk)

    page = client_of(admin).get(of("email_detail", email)).content.decode()

    for text in [reasons.SENTENCES["lost"], "Rina Kusumawardani", "Penerima mungkin mendapatnya dua kali"]:
        assert str(text) in page


def test_list_marks_a_mail_that_may_have_gone_out_twice(admin, client_of):
    note([owe().pk], S.QUEUED, reason="lost:")

    assert "Mungkin dua kali" in client_of(admin).get(LIST).content.decode()


def test_html_of_a_mail_is_shown_in_a_closed_frame(admin, client_of):
    message = Message("Salam", "Isi", "<html><style>p{color:red}</style><p>Halo</p></html>")
    email = services.queue_ready_email("tests.x", "a@contoh.test", message, recipient=None, clear_after_sending=False)

    answer = client_of(admin).get(of("email_html", email))

    assert (answer.content.decode(), answer["X-Frame-Options"]) == (message.html, "SAMEORIGIN")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]
    secret = owe(text="rahasia", clear=True)
    assert client_of(admin).get(of("email_html", secret)).content == b""


def test_detail_of_a_mail_that_waits_shows_what_it_would_say_now(admin, greeting, client_of):
    email = services.queue_email("tests.greeting", to=admin, thing_id=7)
    browser = client_of(admin)
    assert "Beginilah isinya bila dikirim sekarang" in browser.get(of("email_detail", email)).content.decode()

    greeting.add(7)

    assert "sebab surat ini sudah tidak ada" in browser.get(of("email_detail", email)).content.decode()


def test_detail_takes_few_queries(admin, client_of, django_assert_max_num_queries):
    email, browser = owe(), client_of(admin)
    browser.get(LIST)
    for _time in range(20):
        note([email.pk], S.QUEUED, by=admin)

    with django_assert_max_num_queries(12):
        browser.get(of("email_detail", email))


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


def test_cancel_asks_first_and_then_takes_the_mail_back(admin, client_of):
    email, browser = owe(), client_of(admin)
    assert "Batalkan surat ini?" in browser.get(of("cancel_email", email)).content.decode()
    email.refresh_from_db()
    assert email.status == S.QUEUED

    browser.post(of("cancel_email", email))

    email.refresh_from_db()
    assert email.status == S.CANCELLED


def test_mail_that_has_gone_out_is_not_asked_about(admin, client_of):
    email = owe()
    services.deliver_email(email.pk)

    answer = client_of(admin).get(of("cancel_email", email), follow=True)

    assert answer.redirect_chain[-1][0] == of("email_detail", email)
    assert "tidak dapat dibatalkan lagi" in answer.content.decode()


def test_cancel_of_a_mail_that_may_have_arrived_says_so(admin, client_of):
    email = owe()
    EmailEvent.objects.create(email=email, status=S.QUEUED, reason="lost:")

    browser = client_of(admin)

    assert "mungkin sudah sampai" in browser.get(of("cancel_email", email)).content.decode()
    assert "sudah sempat menerimanya" in browser.post(of("cancel_email", email), follow=True).content.decode()


def test_words_that_no_mail_can_hold_find_none(admin, client_of):
    owe(status=S.FAILED, failure_reason="lost:")

    answer = client_of(admin).get(reverse("notifications:retry_all_emails"), {"status": "failed", "q": "x" * 255})

    assert answer.context["number"] == 0


def test_ticked_mails_are_shown_first_and_then_moved_with_a_word_on_each_refusal(admin, client_of):
    failed, sent = owe(status=S.FAILED, failure_reason="lost:"), owe("joko@contoh.test")
    services.deliver_email(sent.pk)
    browser, chosen = client_of(admin), [str(failed.code), str(sent.code)]

    shown = browser.get(MOVE, {"act": "retry", "chosen": chosen})
    assert [row.email for row in shown.context["moving"]] == [failed]
    assert [row.email for row in shown.context["staying"]] == [sent]
    told = browser.post(MOVE, {"act": "retry", "chosen": chosen, "next": f"{LIST}?h=1"}, follow=True)

    assert told.redirect_chain == [(f"{LIST}?h=1", 302)]
    page = told.content.decode()
    assert "1 surat masuk antrean lagi." in page
    assert "joko@contoh.test: Statusnya sekarang “Terkirim”" in page
    failed.refresh_from_db()
    assert failed.status == S.QUEUED


@pytest.mark.parametrize("query", [{}, {"act": "retry"}, {"act": "x", "chosen": "y"}, {"act": "cancel", "chosen": "z"}])
def test_nothing_ticked_says_so(admin, client_of, query):
    for send in [client_of(admin).get, client_of(admin).post]:
        assert "Centang dahulu" in send(MOVE, query, follow=True).content.decode()


def test_all_of_the_filter_are_sent_again_and_no_other(admin, client_of):
    mine = owe(status=S.FAILED, failure_reason="no_connection:")
    other = owe("joko@contoh.test", status=S.FAILED, failure_reason="no_connection:")
    browser, address = client_of(admin), f"{ALL}?q=siti&status=failed"

    assert browser.get(address).context["number"] == 1
    told = browser.post(address, follow=True)

    assert "1 surat masuk antrean lagi." in told.content.decode()
    assert dict(Email.objects.values_list("pk", "status")) == {mine.pk: S.QUEUED, other.pk: S.FAILED}
    assert "Tidak ada surat yang perlu dikirim ulang" in browser.get(address).content.decode()


def test_test_mail_goes_to_the_admin(admin, client_of):
    page = client_of(admin).post(reverse("notifications:send_test_email"), follow=True).content.decode()

    assert "Surat uji ditulis untuk rina@contoh.test." in page
    assert Email.objects.get().recipient == admin


@pytest.mark.parametrize("who", ["participant", "assessor", "director", "auditor"])
def test_others_than_admins_are_refused(who, request, client_of):
    browser = client_of(request.getfixturevalue(who))

    assert browser.get(LIST).status_code == 403
    assert browser.post(reverse("notifications:retry_email", args=[owe().code])).status_code == 403


def test_stranger_signs_in_first(client_of):
    assert client_of(None).get(LIST).status_code == 302
