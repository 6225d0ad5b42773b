"""Pages of results and appeals: who sees what, what each act does, what is kept, and what a page costs."""

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from assessments import services
from assessments.models import Appeal, Assessment, Decision, DutyEntry, PlayDecision, Record
from assessments.states import AppealStatus, AssessmentStatus, Duty, Mode, RecordStatus
from batches.models import Batch
from batches.policies import ACTIONS
from batches.states import BatchStatus
from core import clock
from notifications.models import Email
from tests.factories.accounts import client_of, make_user
from tests.factories.certificates import confirm_name
from tests.factories.classes import make_class, people_of
from tests.factories.plays import make_play
from tests.factories.records import make_record, sign
from tests.factories.results import make_appeal, make_attempt, make_result

pytestmark = pytest.mark.django_db
MOST_LIST, MOST_DETAIL = 10, 12  # with session, person, roles and the LSP's name


@pytest.fixture(scope="module")
def batch(django_db_setup, django_db_blocker):
    """Made once; what a test does to it is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_class(4, status=BatchStatus.EXAMINING)
        transaction.set_rollback(True)


@pytest.fixture
def person(batch):
    return people_of(batch)[0]


def url(name: str, code: str) -> str:
    return reverse(f"assessments:{name}", args=[code])


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def page(user, name: str, code: str, **query: str) -> str:
    answer = client_of(user).get(url(name, code), query)
    assert answer.status_code == 200
    return text(answer)


def queries(user, address: str) -> int:
    """Of a page that has been opened before."""
    client = client_of(user)
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def order_of(page: str, *words: str) -> list[str]:
    return sorted(words, key=page.index)


# --- the board


def test_board_shows_disagreements_first_then_bk_then_the_rest(batch, director):
    first, second, third, fourth = people_of(batch)
    for one in (first, second):
        sign(make_record(make_play(batch, asesor=one)))
    sign(make_record(make_play(batch, asesor=third), {"PLN-01": "T"}))
    other = make_play(batch, asesor=second)
    sign(make_record(other, {"VAL-03": "T"}))

    shown = page(director, "result_board", batch.code)

    names = [one.person.display_name for one in (second, third, first, fourth)]
    assert order_of(shown, *names) == names
    assert "Penguji berbeda" in shown
    assert shown.count('name="assessment"') == 2  # who may be decided: not the disagreement, not who took no exam


def test_board_narrows_by_state_and_name(batch, director):
    first, second, *_rest = people_of(batch)
    make_result(first)
    make_appeal(make_result(second, "BK"))

    assert first.number in page(director, "result_board", batch.code, state="k")
    assert second.number not in page(director, "result_board", batch.code, state="k")
    assert second.number in page(director, "result_board", batch.code, state="appealed")
    assert first.number not in page(director, "result_board", batch.code, q=second.person.full_name)
    assert "Tidak ada yang cocok" in page(director, "result_board", batch.code, state="recommended")


def test_board_takes_the_same_queries_for_few_and_for_many(director):
    costs = []
    for size in (2, 7):
        batch = make_class(size, status=BatchStatus.EXAMINING)
        for one in people_of(batch)[1:]:
            make_appeal(make_result(one, "BK"))
        sign(make_record(make_play(batch, asesor=people_of(batch)[0])))
        costs.append(queries(director, url("result_board", batch.code)))

    assert costs[0] == costs[1] <= MOST_DETAIL


@pytest.mark.parametrize(("role", "decides"), [(Role.DIRECTOR, True), (Role.ADMIN, False), (Role.AUDITOR, False)])
def test_only_directors_get_ticks(batch, person, role, decides):
    sign(make_record(make_play(batch, asesor=person)))

    shown = page(make_user(role=role), "result_board", batch.code)

    assert ("Tetapkan yang dicentang" in shown) is decides


def ticks(assessment):
    """What the board sends for one ticked person."""
    signed = Record.objects.get(role_play__assessment=assessment, status=RecordStatus.SIGNED)
    return {"assessment": [assessment.code], f"shown-{assessment.code}": signed.code}


def test_record_that_was_corrected_since_the_board_was_opened_is_shown_before_it_is_decided(batch, person, director):
    record = sign(make_record(make_play(batch, asesor=person)))
    assessment, client = record.role_play.assessment, client_of(director)
    shown = ticks(assessment)
    assert f'name="shown-{assessment.code}" value="{record.code}"' in text(client.get(url("result_board", batch.code)))
    sign(services.correct_record(record, "Salah ketik.", by=record.recorder))

    late = client.post(url("decide_results", batch.code), shown)
    assert late.status_code == 422
    assert "sudah diubah di tempat lain" in text(late)
    assert not Decision.objects.exists()

    assert client.post(url("decide_results", batch.code), ticks(assessment)).status_code == 302


def test_director_decides_the_ticked_people_with_the_minutes(batch, director):
    first, second, *_rest = people_of(batch)
    chosen = sign(make_record(make_play(batch, asesor=first))).role_play.assessment
    sign(make_record(make_play(batch, asesor=second)))

    answer = client_of(director).post(url("decide_results", batch.code), ticks(chosen) | {"minutes": "BA-07"})

    assert answer.url == url("result_board", batch.code)
    assert [(one.assessment, one.minutes) for one in Decision.objects.all()] == [(chosen, "BA-07")]


def test_refused_decision_says_who_and_keeps_ticks_and_minutes(batch, person, director):
    assessment = sign(make_record(make_play(batch, asesor=person))).role_play.assessment
    DutyEntry.objects.create(registration=person, user=director, duty=Duty.RECORDS)

    answer = client_of(director).post(url("decide_results", batch.code), ticks(assessment) | {"minutes": "BA-07"})

    assert answer.status_code == 422
    assert "harus orang yang berbeda" in text(answer)
    assert 'value="BA-07"' in text(answer)
    assert re.search(rf'value="{assessment.code}"[^>]* checked', text(answer))


def test_attempts_of_another_batch_are_not_decided_here(batch, director):
    elsewhere = sign(make_record()).role_play.assessment

    answer = client_of(director).post(url("decide_results", batch.code), {"assessment": [elsewhere.code]})

    assert answer.status_code == 422
    assert not Decision.objects.exists()


def test_release_asks_with_names_then_mails(batch, person, admin):
    make_result(person, released=False)
    client = client_of(admin)

    question = client.get(url("release_results", batch.code))
    shown = {"seen": question.context["mark"]}
    client.post(url("release_results", batch.code), shown)
    again = client.post(url("release_results", batch.code), shown)

    assert person.person.display_name in text(question)
    assert [mail.kind for mail in Email.objects.all()] == ["result_released"]
    assert again.status_code == 422
    assert "Tidak ada hasil yang menunggu dirilis" in text(again)


def test_what_was_decided_after_the_page_was_opened_is_shown_before_it_is_released(batch, person, admin):
    make_result(person, released=False)
    client = client_of(admin)
    shown = client.get(url("release_results", batch.code)).context["mark"]
    late = make_result(people_of(batch)[1], "BK", released=False)

    answer = client.post(url("release_results", batch.code), {"seen": shown})

    assert answer.status_code == 422
    assert "Belum ada yang dirilis" in text(answer)
    assert [row.decision for row, _mail in answer.context["rows"] if row.is_news] == [late]
    assert not Decision.objects.released().exists()
    client.post(url("release_results", batch.code), {"seen": answer.context["mark"]})
    assert Decision.objects.released().count() == 2


def test_release_without_the_mail_of_one_person(batch, person, director):
    quiet = make_result(person, "BK", released=False)
    told = make_result(people_of(batch)[1], released=False)
    client, address = client_of(director), url("release_results", batch.code)
    shown = client.get(address)

    answer = client.post(address, {"seen": shown.context["mark"], "silent": quiet.assessment.code}, follow=True)

    assert f'Tanpa surat<span class="visually-hidden">: {person.person.display_name}</span>' in text(shown)
    assert "menerima surat di bawah, kecuali yang dicentang" in text(shown)
    assert "2 hasil dirilis. 1 surat dibuang." in text(answer)
    assert [mail.params["decision_id"] for mail in Email.objects.all()] == [told.pk]


def test_mail_of_a_result_is_read_before_its_release_in_the_words_that_will_be_sent(batch, person, director):
    decision = make_result(person, "BK", released=False)

    address = reverse("assessments:result_mail", args=[batch.code, decision.code])
    page = text(client_of(director).get(address))

    assert "Anda dinyatakan belum kompeten." in page
    assert "Paling lambat" in page  # of an appeal, counted from now
    decision.refresh_from_db()
    assert (decision.released_at, Email.objects.count()) == (None, 0)


def test_release_page_takes_the_same_queries_for_few_and_for_many(batch, director):
    first, *others = people_of(batch)
    make_result(first, "BK", released=False)
    few = queries(director, url("release_results", batch.code))

    for person in others:
        make_result(person, "BK", released=False)

    assert queries(director, url("release_results", batch.code)) == few <= MOST_DETAIL


# --- one person, for the desk


def test_desk_reads_attempts_duties_and_unreleased_reasons(batch, person, director, admin):
    make_result(person, "BK", released=False, by=director)
    DutyEntry.objects.create(registration=person, user=director, duty=Duty.DECIDES)

    shown = page(admin, "assessment_detail", Assessment.objects.get().code)

    assert "Belum dirilis" in shown
    assert "PLN" not in shown
    assert "VAL-03" in shown
    assert director.name in shown


def test_desk_sends_back_voids_and_opens_retakes(batch, person, director):
    client = client_of(director)
    assessment = sign(make_record(make_play(batch, asesor=person))).role_play.assessment

    unexplained = client.post(url("send_back", assessment.code), {"reason": ""})
    client.post(url("send_back", assessment.code), {"reason": "Catatan belum lengkap."})
    client.post(url("void_assessment", assessment.code), {"reason": "Sakit."})
    answer = client.post(url("open_retake", assessment.code))

    assert unexplained.status_code == 422
    assert answer.url == url("assessment_detail", Assessment.objects.latest("pk").code)
    assert list(Assessment.objects.order_by("pk").values_list("status", flat=True)) == ["void", "open"]


def test_detail_costs_the_same_for_one_attempt_and_for_three(batch, director):
    first, second, *_rest = people_of(batch)
    once = make_result(first, "BK")
    for _attempt in range(3):
        make_appeal(make_result(second, "BK"), AppealStatus.CLOSED)

    few = queries(director, url("assessment_detail", once.assessment.code))
    many = queries(director, url("assessment_detail", Assessment.objects.filter(registration=second).first().code))

    assert few == many <= MOST_DETAIL


# --- the participant's own


@pytest.mark.parametrize(
    "make",
    [
        lambda person: None,
        lambda person: make_attempt(person),
        lambda person: make_attempt(person, AssessmentStatus.RECOMMENDED),
        lambda person: make_result(person, "BK", released=False),
    ],
    ids=["no exam", "open", "recommended", "decided"],
)
def test_nothing_is_seen_before_the_release(person, make):
    make(person)

    shown = page(person.person.user, "my_result", person.code)

    assert "Nilai belum dirilis" in shown
    assert "VAL-03" not in shown
    assert "elum kompeten" not in shown


def test_bk_is_explained_per_unit_with_next_steps_and_the_way_to_an_appeal(person):
    decision = make_result(person, "BK")

    shown = page(person.person.user, "my_result", person.code)

    assert "Anda dinyatakan belum kompeten." in shown
    assert "Kriteria kritis belum terpenuhi: VAL-03." in shown
    assert "Membandingkan proses, rencana, instrumen" in shown  # what VAL-03 asks for
    assert "Asesmen ulang unit tertentu" in shown
    assert url("file_appeal", decision.code) in shown
    assert "gagal" not in shown.lower()


def test_after_the_deadline_the_page_names_the_rule_and_the_contact(person):
    long_ago = clock.now() - timedelta(days=60)
    decision = make_result(person, "BK", released_at=long_ago)

    shown = page(person.person.user, "my_result", person.code)
    form = page(person.person.user, "file_appeal", decision.code)

    assert "Batas mengajukan banding adalah" in shown
    assert "Hubungi admin LSP" in shown
    assert "tidak dapat dibanding lagi" in form


def test_k_is_told_with_the_next_step(person):
    make_result(person)

    shown = page(person.person.user, "my_result", person.code)

    assert "Anda dinyatakan kompeten." in shown
    assert "Konfirmasi nama untuk sertifikat" in shown
    assert "Banding" not in shown

    confirm_name(person)
    assert "Nama Anda sudah dikonfirmasi." in page(person.person.user, "my_result", person.code)


def test_earlier_attempts_stay_readable(person):
    make_result(person, "BK")
    make_attempt(person, units=["MKVA"])

    shown = page(person.person.user, "my_result", person.code)

    assert "Uji ulang Anda sudah dibuka." in shown
    assert "VAL-03" in shown


def test_own_decisions_stand_beside_the_senior_ones(batch, person):
    play = make_play(batch, Mode.FORMATIVE, asesor=person)
    for role, result in (("trainee", "K"), ("senior", "BK")):
        PlayDecision.objects.create(role_play=play, role=role, by=play.assessor, result=result, reason=f"Alasan {role}")

    shown = page(person.person.user, "my_result", person.code)

    assert "Keputusan Anda sebagai asesor" in shown
    assert "Alasan trainee" in shown
    assert "Alasan senior" in shown


def test_own_decisions_of_an_exam_wait_for_the_release(batch, person):
    play = make_play(batch, asesor=person)
    for role in ("trainee", "senior"):
        PlayDecision.objects.create(role_play=play, role=role, by=play.assessor, result="K", reason="Alasan")

    assert "Keputusan Anda sebagai asesor" not in page(person.person.user, "my_result", person.code)


def test_own_page_costs_the_same_for_one_attempt_and_for_three(batch):
    first, second, *_rest = people_of(batch)
    make_result(first, "BK")
    for _attempt in range(3):
        make_result(second, "BK")

    few, many = (queries(one.person.user, url("my_result", one.code)) for one in (first, second))

    assert few == many <= MOST_DETAIL


# --- appeals


def test_appeal_from_filing_to_the_outcome(batch, person, admin, director):
    decision = make_result(person, "BK", by=director)
    members = [make_user(name=name, role=Role.ASSESSOR) for name in ("Umar", "Yuni")]
    own, desk, chief, panel = (client_of(one) for one in (person.person.user, admin, director, members[0]))

    empty = own.post(url("file_appeal", decision.code), {"grounds": " "})
    own.post(url("file_appeal", decision.code), {"grounds": "Berkas saya belum dilihat."})
    appeal = Appeal.objects.get()
    desk.post(url("accept_appeal", appeal.code))
    offered = text(chief.get(url("appoint_panel", appeal.code)))
    chief.post(url("appoint_panel", appeal.code), {"people": [one.code for one in members]})
    seen_by_panel = text(panel.get(reverse("assessments:appeal_list")))
    panel.post(url("decide_appeal", appeal.code), {"outcome": "upheld", "text": "Berkas memang belum dilihat."})
    desk.post(url("close_appeal", appeal.code))

    appeal.refresh_from_db()
    assert empty.status_code == 422
    assert "Umar" in offered
    assert director.name not in offered.split("<form")[-1]
    assert person.person.display_name in seen_by_panel
    assert (appeal.status, appeal.outcome) == (AppealStatus.CLOSED, AppealStatus.UPHELD)
    shown = page(person.person.user, "appeal_detail", appeal.code)
    assert "Berkas memang belum dilihat." in shown
    assert "Uji ulang Anda sudah dibuka." in page(person.person.user, "my_result", person.code)


def test_appeal_is_withdrawn_after_being_asked(person):
    appeal = make_appeal(make_result(person, "BK"))
    client = client_of(person.person.user)

    question = text(client.get(url("withdraw_appeal", appeal.code)))
    client.post(url("withdraw_appeal", appeal.code))

    assert "Cabut banding ini?" in question
    assert Appeal.objects.get().status == AppealStatus.WITHDRAWN


def test_rejecting_wants_a_reason_and_keeps_the_page(person, admin):
    appeal = make_appeal(make_result(person, "BK"))

    answer = client_of(admin).post(url("reject_appeal", appeal.code), {"reason": ""})

    assert answer.status_code == 422
    assert Appeal.objects.get().status == AppealStatus.FILED


def test_assessor_outside_the_panel_sees_no_appeal(person):
    appeal = make_appeal(make_result(person, "BK"))
    client = client_of(make_user(role=Role.ASSESSOR))

    assert client.get(url("appeal_detail", appeal.code)).status_code == 404
    assert "Tidak ada perkara terbuka" in text(client.get(reverse("assessments:appeal_list")))


def test_appeal_list_takes_the_same_queries_for_few_and_for_many(batch, director):
    people = people_of(batch)
    make_appeal(make_result(people[0], "BK"))
    few = queries(director, reverse("assessments:appeal_list"))
    for one in people[1:]:
        make_appeal(make_result(one, "BK"))

    assert queries(director, reverse("assessments:appeal_list")) == few <= MOST_LIST


def test_appeal_page_keeps_its_promise_of_queries(person, director):
    appeal = make_appeal(make_result(person, "BK"))

    assert queries(director, url("appeal_detail", appeal.code)) <= MOST_DETAIL


# --- ending the batch


def test_button_of_the_batch_leads_to_the_page_of_its_results():
    assert next(action for action in ACTIONS if action.target == BatchStatus.COMPLETED).route == (
        "assessments:complete_batch"
    )


def test_page_lists_what_is_missing_and_completes_what_is_not(batch, person, admin):
    assessment = make_attempt(person)
    client = client_of(admin)

    missing = text(client.get(url("complete_batch", batch.code)))
    refused = text(client.post(url("complete_batch", batch.code), follow=True))
    Assessment.objects.filter(pk=assessment.pk).delete()
    question = text(client.get(url("complete_batch", batch.code)))
    client.post(url("complete_batch", batch.code))

    assert url("assessment_detail", assessment.code) in missing
    assert "belum dapat diselesaikan" in refused
    assert "Tanpa uji" in question
    assert Batch.objects.get(pk=batch.pk).status == BatchStatus.COMPLETED
