"""The page of a batch's held decisions: comparison, one mail, release with a question, discarding; the desk's hints."""

import pytest
from django.urls import reverse

from batches.models import Batch
from core.templatetags.ui import moment
from notifications.models import Email
from participants import services
from participants.states import RegistrationStatus as S
from tests.factories.batches import make_batch
from tests.factories.participants import make_registration
from tests.factories.staging import hold_decision
from tests.tot_portal.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(db):
    return make_batch(name="Angkatan 10")


def url(name, *args):
    return reverse(f"participants:{name}", args=args)


def text(response):
    return Page(response).text()


def statuses():
    return sorted(Email.objects.filter(kind__startswith="registration_").values_list("status", flat=True))


def seen_on(response):
    """What the page's form carries of the comparison."""
    return response.context["form"].initial["seen"]


def test_empty_page_says_when_mails_come(batch, admin, client_of):
    page = text(client_of(admin).get(url("decision_mails", batch.code)))

    assert "Tidak ada surat keputusan yang ditahan." in page
    assert "Lepas semua" not in page


def test_page_shows_recipient_by_recipient_what_goes_and_what_ends(batch, admin, client_of):
    goes, gone = (make_registration(S.ELIGIBLE, batch=batch) for _ in range(2))
    for one in (goes, gone):
        hold_decision(one)
    services.withdraw_registration(gone, by=gone.person.user)

    page = text(client_of(admin).get(url("decision_mails", batch.code)))

    assert f"Anda memenuhi syarat ({goes.number})" in page
    assert "sekarang: Ditarik" in page
    assert "1 surat akan dikirim, 1 akan dibatalkan" in page
    assert "Lepas semua (1)" in page
    assert "Tidak lagi sesuai keadaan." in page


def test_moment_of_a_held_mail_is_told_as_in_the_outbox(admin, client_of):
    mail = hold_decision(make_registration(S.ELIGIBLE, batch=make_batch(time_zone="Asia/Jayapura")))
    batch, client = Batch.objects.get(), client_of(admin)
    pages = (url("decision_mails", batch.code), reverse("work_list", args=["surat-keputusan"]))

    assert [moment(mail.created_at) in text(client.get(page)) for page in pages] == [True, True]


def test_held_mail_in_the_outbox_leads_to_where_it_is_released(batch, admin, client_of):
    mail = hold_decision(make_registration(S.ELIGIBLE, batch=batch))

    page = client_of(admin).get(reverse("notifications:email_detail", args=[mail.code]))

    assert f'href="{url("decision_mails", batch.code)}"' in page.content.decode()


def test_one_mail_is_read_as_it_would_go_out_now_and_nothing_is_written(batch, admin, client_of):
    make_registration(S.CONFIRMED, batch=batch)
    mail = hold_decision(make_registration(S.WAITLISTED, batch=batch))
    Email.objects.filter(pk=mail.pk).update(held_text="Anda di urutan 7 daftar tunggu.")

    page = text(client_of(admin).get(url("decision_mail", batch.code, mail.code)))

    assert "Saat ditahan:" in page
    assert "Anda di urutan 7 daftar tunggu." in page
    assert "Anda di urutan 1 daftar tunggu." in page
    assert Email.objects.get(pk=mail.pk).body_text == ""


def test_release_asks_with_the_names_then_sends_and_tells_how_many_wait(batch, admin, client_of):
    people = [make_registration(S.ELIGIBLE, batch=batch) for _number in range(2)]
    for one in people:
        hold_decision(one)
    client = client_of(admin)
    seen = seen_on(client.get(url("decision_mails", batch.code)))

    question = client.post(url("release_decisions", batch.code), {"seen": seen})
    names = ", ".join(sorted((one.person.display_name for one in people), key=str.casefold))
    assert f"2 surat akan dikirim: {names}." in text(question)
    assert "Centang tidak berpengaruh" not in text(question)
    assert statuses() == ["held", "held"]
    answer = client.post(url("release_decisions", batch.code), {"seen": seen, "sure": "True"}, follow=True)

    assert "2 surat masuk antrean kirim." in text(answer)
    assert "2 dalam antrean" in text(answer)
    assert statuses() == ["queued", "queued"]


def test_release_says_that_ticks_change_nothing(batch, admin, client_of):
    mail = hold_decision(make_registration(S.ELIGIBLE, batch=batch))
    hold_decision(make_registration(S.ELIGIBLE, batch=batch))
    client, address = client_of(admin), url("release_decisions", batch.code)

    question = client.post(address, {"seen": seen_on(client.get(address, follow=True)), "mail": mail.code})

    assert "Centang tidak berpengaruh" in text(question)
    assert "Lepas 2 surat" in text(question)


@pytest.mark.parametrize("sure", ["", "True"])
def test_release_of_something_else_than_was_shown_is_refused_and_shows_the_new_comparison(
    sure, batch, admin, client_of
):
    hold_decision(make_registration(S.ELIGIBLE, batch=batch))
    client = client_of(admin)
    seen = seen_on(client.get(url("decision_mails", batch.code)))
    late = make_registration(S.CONFIRMED, batch=batch)
    hold_decision(late)

    answer = client.post(url("release_decisions", batch.code), {"seen": seen, "sure": sure})

    assert answer.status_code == 422
    assert "Belum ada yang dilepas" in text(answer)
    assert [row.registration for row in answer.context["found"].rows if row.is_news] == [late]
    assert seen_on(answer) != seen
    assert statuses() == ["held", "held"]


def test_ticked_mails_are_discarded_after_a_question(batch, admin, client_of):
    mail = hold_decision(make_registration(S.ELIGIBLE, batch=batch))
    hold_decision(make_registration(S.ELIGIBLE, batch=batch))
    client, address = client_of(admin), url("discard_decision_mails", batch.code)

    nothing = client.post(address)
    question = client.post(address, {"mail": [str(mail.code)]})
    client.post(address, {"mail": [str(mail.code)], "sure": "True"})

    assert nothing.status_code == 422
    assert "Buang 1 surat keputusan?" in text(question)
    assert f'value="{mail.code}"' in question.content.decode()
    assert statuses() == ["cancelled", "held"]


def test_desk_says_where_a_decision_is_made_that_its_mail_waits(batch, admin, client_of):
    registration = make_registration(S.ELIGIBLE, batch=batch)
    client = client_of(admin)

    answer = client.post(url("confirm_registration", registration.code), follow=True)
    roster = client.get(url("roster", batch.code))

    page = Page(answer)
    assert page.text().count("Surat keputusan ditahan, lepas bersama.") == 2  # the message, and the file's own hint
    assert url("decision_mails", batch.code) in answer.content.decode()
    assert "1 surat keputusan ditahan" in text(roster)


def test_page_takes_the_same_queries_for_few_and_for_many(
    batch, admin, client_of, django_assert_max_num_queries, django_assert_num_queries
):
    client, address = client_of(admin), url("decision_mails", batch.code)
    states = (S.ELIGIBLE, S.REJECTED, S.CONFIRMED, S.WAITLISTED)
    for status in states:
        hold_decision(make_registration(status, batch=batch))
    client.get(address)  # the first visit of a session is noted
    with django_assert_max_num_queries(12) as few:
        client.get(address)
    for _number in range(2):
        for status in states:
            hold_decision(make_registration(status, batch=batch))

    with django_assert_num_queries(len(few)):
        client.get(address)
