"""The LSP's own words in mails: where they stand, what they may name, how they are tried and put in force."""

import re

import pytest
from django.core import mail
from django.db import IntegrityError
from django.urls import reverse

from accounts.models import Lsp
from core.errors import ChangedMeanwhile
from core.models import AuditEntry
from notifications import registry, services
from notifications.errors import BrokenBraces, NotEditable, UnknownVariable, WordsTooLong
from notifications.models import Email, EmailEvent, EmailWording
from notifications.rendering import render_templates
from notifications.wording import WORDING_TEST, Words, WordsInForce, check, code_of, fill
from tests.architecture.source import BASE

pytestmark = pytest.mark.django_db
KIND = "tests.worded"
LIST = reverse("notifications:wording_list")


def address(name, language="id", **more):
    return reverse(f"notifications:{name}", kwargs={"kind": KIND, "language": language, **more})


@pytest.fixture(autouse=True)
def worded(own_kinds):
    """A kind of the tests' own that asks for an act; add an id to what this returns, and its cause is gone."""
    gone = set()

    def write(params, language):
        if params["thing_id"] in gone:
            return None
        return render_templates("notifications/wording_sample", CONTEXT | {"title": "Judul"}, language, action=True)

    names = {"nama": registry.Variable("Nama penerima", "name"), "kelas": registry.Variable("Kelas", "batch.name")}
    registry.register(KIND, write, title="Surat percobaan", variables=names)
    return gone


class Batch:
    name = "TOT <b>8</b>"


CONTEXT = {"name": "Siti\r\nBcc: x@y.test", "batch": Batch()}


def put(by, version=0, language="id", **words):
    return services.put_wording(KIND, language, Words(**words), based_on=version, by=by)


def write(language="id"):
    return registry.render(KIND, {"thing_id": 7}, language)


# --- what a text may say


def test_names_are_filled_in_once_and_values_are_never_read_again():
    assert fill("{{ a }} {{a}} {{ b }}", {"a": "{{ b }}", "b": "2"}) == "{{ b }} {{ b }} 2"


@pytest.mark.parametrize("text", ["{{ nama }}", "{{nama}} dan {{  lsp  }}", "", "100% {% tidak".replace("{", "")])
def test_known_names_and_plain_text_are_fine(text):
    check(text, KIND)


@pytest.mark.parametrize("text", ["{{ nomor }}", "{{ nama.password }}", "{{ nama|safe }}", "{{ }}", "{{ Nama }}"])
def test_unknown_name_is_refused_with_the_known_ones(text):
    with pytest.raises(UnknownVariable) as refusal:
        check(text, KIND)

    assert "{{ nama }}, {{ kelas }}, {{ lsp }}" in str(refusal.value)


@pytest.mark.parametrize("text", ["{ nama }", "{{ nama }", "nama }}", "{{{ nama }}}", "{% if x %}", "{# x #}"])
def test_broken_braces_are_refused(text):
    with pytest.raises(BrokenBraces):
        check(text, KIND)


# --- every kind


def test_every_kind_fits_the_column_and_names_who_or_what_it_is_about():
    for kind in registry.written_kinds():
        assert len(code_of(kind, "id")) <= EmailWording._meta.get_field("code").max_length
        assert "lsp" in registry.variables_of(kind)


def test_path_that_leads_nowhere_refuses_the_mail():
    registry.register(
        KIND, registry._kinds[KIND].renderer, title="x", variables={"salah": registry.Variable("x", "none")}
    )

    with pytest.raises(AttributeError):
        write()


def test_greetings_stand_before_the_place_of_the_opening():
    """In every template of a mail that the portal writes; account mails have no own words."""
    for path in sorted((BASE / "templates").glob("*/email/*.*")):
        text = path.read_text()
        if "email_base" in text and "Halo" in text and path.parts[-3] not in {"account", "accounts"}:
            greeting = re.search(r"{% block greeting %}.*?Halo.*?{% endblock %}", text, re.DOTALL)
            assert greeting, f"{path.name} greets outside of its block"
            assert "block content" not in greeting[0], path.name


# --- in a mail


def test_mail_without_own_words_reads_as_the_portal_writes_it():
    message = write()

    assert message.subject == "[Perlu tindakan] Judul"
    assert "Fakta, tenggat, dan tombol" in message.text


def test_own_words_stand_around_what_the_portal_says_in_text_and_html(admin):
    put(
        admin,
        subject="Halo {{ nama }}",
        opening="Selamat datang di {{ kelas }}.\n\nBaris <dua>",
        closing="Salam,\nkami",
    )

    message = write()

    assert message.subject == "[Perlu tindakan] Halo Siti Bcc: x@y.test"
    order = ["Selamat datang di TOT <b>8</b>.", "Baris <dua>", "Fakta, tenggat", "Salam,\nkami", "\n--\n"]
    places = [message.text.index(part) for part in order]
    assert places == sorted(places)
    html = ["<p>Selamat datang di TOT &lt;b&gt;8&lt;/b&gt;.</p>", "<p>Baris &lt;dua&gt;</p>", "Salam,<br>kami"]
    assert all(part in message.html for part in html)


def test_words_are_those_of_the_mails_language(admin):
    put(admin, language="en", opening="Welcome")

    assert "Welcome" in write("en").text
    assert "Welcome" not in write("id").text


def test_mail_that_waits_goes_out_with_the_words_of_its_sending(participant, admin):
    email = services.queue_email(KIND, to=participant, thing_id=7)
    put(admin, opening="Baru")

    services.deliver_email(email.pk)

    assert "Baru" in mail.outbox[0].body
    assert "Baru" in mail.outbox[0].alternatives[0][0]


def test_mails_of_accounts_have_no_own_words(admin):
    """They are written outside of any kind; a name of theirs in the table changes nothing."""
    with pytest.raises(NotEditable):
        services.put_wording("accounts.invitation", "id", Words(opening="Klik"), based_on=0, by=admin)


# --- versions


def test_each_save_is_a_version_on_record(admin):
    put(admin, subject="Satu")
    second = put(admin, 1, subject="Dua")

    assert (second.version, second.author, second.title) == (2, admin, "Surat percobaan")
    assert [one.status for one in EmailWording.objects.order_by("version")] == ["archived", "in_force"]
    entry = AuditEntry.objects.first()
    assert (entry.act, entry.changes) == ("wording_changed", {"subject": ["Satu", "Dua"]})


def test_same_words_again_are_no_version(admin):
    assert put(admin) is None
    first = put(admin, subject="Satu")

    assert put(admin, 1, subject="Satu") == first
    assert AuditEntry.objects.count() == 1


def test_save_based_on_an_older_version_overwrites_nothing(admin):
    put(admin, subject="Satu")

    with pytest.raises(ChangedMeanwhile):
        put(admin, 0, subject="Dua")

    assert write().subject == "[Perlu tindakan] Satu"


def test_two_first_versions_at_once_are_one(admin, monkeypatch):
    def collide(*args, **fields):
        raise IntegrityError

    monkeypatch.setattr("notifications.services.wording.put_in_force", collide)

    with pytest.raises(ChangedMeanwhile):
        put(admin, subject="Satu")


def test_older_version_and_the_portals_words_come_back_as_new_versions(admin):
    first = put(admin, subject="Satu")
    put(admin, 1, subject="Dua")

    services.restore_wording(first, based_on=2, by=admin)
    assert write().subject == "[Perlu tindakan] Satu"
    assert WordsInForce().of(KIND, "id") == Words(subject="Satu")
    services.use_portal_words(KIND, "id", based_on=3, by=admin)

    assert write().subject == "[Perlu tindakan] Judul"
    assert not WordsInForce().of(KIND, "id")
    assert EmailWording.objects.count() == 4


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({"subject": "a\nBcc: x"}, WordsTooLong),
        ({"subject": "a" * 201}, WordsTooLong),
        ({"closing": "a" * 2001}, WordsTooLong),
        ({"closing": "{{ x }}"}, UnknownVariable),
    ],
)
def test_service_refuses_what_the_form_would(admin, words, refusal):
    with pytest.raises(refusal):
        put(admin, **words)


# --- the pages


def form_data(version=0, **words):
    return {"subject": "", "opening": "", "closing": "", "based_on": version, **words}


def test_list_says_where_own_words_are_in_force_and_what_stays_fixed(admin, client_of, django_assert_max_num_queries):
    put(admin, language="en", subject="Oke")
    browser = client_of(admin)
    browser.get(LIST)

    with django_assert_max_num_queries(10):
        answer = browser.get(LIST)

    page = answer.content.decode()
    row = next(row for row in answer.context["rows"] if row["kind"] == KIND)
    assert row["languages"] == [("id", False), ("en", True)]
    assert "Konfirmasi akun baru" in answer.context["fixed"]
    assert reverse("notifications:wording_detail", args=["accounts.invitation", "id"]) not in page


def test_kind_page_has_form_names_preview_and_versions(admin, client_of, participant, django_assert_max_num_queries):
    for version in range(3):
        put(admin, version, subject=f"Versi {version}")
        services.queue_email(KIND, to=participant, thing_id=version)
    browser = client_of(admin)
    browser.get(address("wording_detail"))

    with django_assert_max_num_queries(12):
        page = browser.get(address("wording_detail")).content.decode()

    for text in ["{{ kelas }}", "Versi 2", "Pakai lagi versi ini", "Kembali ke kata-kata portal", "Siti Rahmawati"]:
        assert text in page


@pytest.mark.parametrize(("kind", "language"), [("accounts.invitation", "id"), ("nothing", "id"), (KIND, "fr")])
def test_what_nobody_may_reword_is_not_there(admin, client_of, kind, language):
    page = reverse("notifications:wording_detail", args=[kind, language])

    assert client_of(admin).get(page).status_code == 404


def test_director_reads_and_changes_nothing(director, admin, client_of):
    put(admin, subject="Oke")
    browser = client_of(director)

    page = browser.get(address("wording_detail")).content.decode()

    assert "Oke" in page
    assert "Simpan dan berlakukan" not in page
    assert "Kembali ke kata-kata portal" not in page
    assert browser.post(address("save_wording"), form_data(1)).status_code == 403


def test_preview_shows_other_peoples_mail_only_to_who_reads_the_outbox(director, admin, participant, client_of):
    services.queue_email(KIND, to=participant, thing_id=7)

    for who, is_shown in [(admin, True), (director, False)]:
        browser = client_of(who)
        for answer in [browser.get(address("wording_frame")), browser.post(address("wording_frame"), form_data())]:
            assert (answer.status_code, participant.email in answer.content.decode()) == (200, is_shown)


def test_save_puts_the_words_in_force(admin, client_of):
    answer = client_of(admin).post(address("save_wording"), form_data(opening="Satu\r\n\r\nDua"))

    assert answer.status_code == 302
    assert EmailWording.objects.get().content["opening"] == "Satu\n\nDua"


def test_refused_form_keeps_what_was_typed_and_names_the_known_names(admin, client_of):
    answer = client_of(admin).post(address("save_wording"), form_data(subject="A\nB", opening="Halo {{ nomer }}"))

    page = answer.content.decode()
    assert answer.status_code == 422
    for text in ["Halo {{ nomer }}", "“nomer” tidak dikenal", "{{ kelas }}, {{ lsp }}", "dalam satu baris"]:
        assert text in page
    assert not EmailWording.objects.exists()


def test_newer_version_is_shown_beside_what_was_typed_and_the_next_save_replaces_it(admin, client_of):
    put(admin, subject="Milik rekan")
    browser = client_of(admin)

    answer = browser.post(address("save_wording"), form_data(0, subject="Milik saya"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Milik rekan" in page
    assert "Milik saya" in page
    assert 'name="based_on" value="1"' in page
    assert browser.post(address("save_wording"), form_data(1, subject="Milik saya")).status_code == 302


def test_buttons_bring_a_version_or_the_portals_words_back(admin, client_of):
    put(admin, subject="Satu")
    put(admin, 1, subject="Dua")
    browser = client_of(admin)

    browser.post(address("restore_wording", version=1), {"based_on": 2})
    assert write().subject == "[Perlu tindakan] Satu"
    for unseen in ["x", "9" * 5000]:
        browser.post(address("use_portal_words"), {"based_on": unseen})
        assert write().subject == "[Perlu tindakan] Satu"  # somebody must have seen what he takes back
    browser.post(address("use_portal_words"), {"based_on": 3})
    assert write().subject == "[Perlu tindakan] Judul"


# --- preview and trial


def rows():
    return Email.objects.count(), EmailEvent.objects.count(), EmailWording.objects.count(), AuditEntry.objects.count()


def test_preview_shows_typed_words_on_a_real_case_and_stores_nothing(admin, client_of, participant):
    put(admin, subject="Berlaku")
    older = services.queue_email(KIND, to=participant, thing_id=7)
    services.queue_email(KIND, to=admin, thing_id=8)
    before = rows()
    typed = form_data(1, subject="Dicoba {{ kelas }}", opening="<script>x</script>", case=str(older.code))

    answer = client_of(admin).post(address("wording_frame"), typed)

    page = answer.content.decode()
    assert answer.status_code == 200
    for text in [
        "Dicoba TOT &lt;b&gt;8&lt;/b&gt;",
        "&lt;script&gt;x&lt;/script&gt;",
        participant.email,
        "Sebagai teks",
    ]:
        assert text in page
    assert "<script" not in page
    assert "Berlaku" not in page
    assert rows() == before
    assert "script-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_preview_takes_the_newest_case_that_still_holds(admin, client_of, participant, worded):
    services.queue_email(KIND, to=participant, thing_id=7)
    newest = services.queue_email(KIND, to=admin, thing_id=8)
    worded.add(8)
    browser = client_of(admin)

    assert participant.email in browser.get(address("wording_frame")).content.decode()
    chosen = browser.post(address("wording_frame"), form_data(case=str(newest.code))).content.decode()
    assert "sudah tidak ada" in chosen


def test_preview_says_so_when_the_mail_cannot_be_written_now(admin, client_of, participant, caplog):
    def write_from_lost_store(params, language):
        raise OSError

    services.queue_email(KIND, to=participant, thing_id=7)
    registry.register(KIND, write_from_lost_store, title="Surat percobaan")
    browser = client_of(admin)

    shown = browser.get(address("wording_frame"))
    tried = browser.post(address("send_wording_test"), form_data(subject="Dicoba"))

    for answer in (shown, tried):
        assert answer.status_code == 200
        assert "belum dapat dibuat. Coba lagi nanti." in answer.content.decode()
    assert f"could not be written: {KIND}.id" in caplog.text
    assert not Email.objects.filter(kind=WORDING_TEST).exists()


def test_preview_may_be_pressed_again_at_once_and_the_test_mail_may_not(admin, client_of):
    page = client_of(admin).get(address("wording_detail")).content.decode()

    buttons = re.findall(r'<button[^>]*formtarget="wording-preview"[^>]*>', page)
    assert [" data-again" in button for button in buttons] == [True, False]


def test_preview_without_a_case_says_so_and_shows_names(admin, client_of):
    page = client_of(admin).post(address("wording_frame"), form_data(opening="Halo {{ nama }}")).content.decode()

    assert "Nama dalam kurung siku" in page
    assert "Halo [Nama penerima]" in page


def test_preview_of_refused_words_says_why(admin, client_of):
    answer = client_of(admin).post(address("wording_frame"), form_data(opening="{{ x }}"))

    assert answer.status_code == 422
    assert "“x” tidak dikenal" in answer.content.decode()


def test_trial_goes_to_the_admin_through_the_outbox_and_leaves_the_words_alone(admin, client_of, participant):
    Lsp.objects.update_or_create(pk=1, defaults={"name": "LSP Contoh", "short_name": "LSP"})
    services.queue_email(KIND, to=participant, thing_id=7)

    answer = client_of(admin).post(address("send_wording_test"), form_data(subject="Dicoba", closing="Salam {{ lsp }}"))

    assert admin.email in answer.content.decode()
    trial = Email.objects.get(kind=WORDING_TEST)
    services.deliver_email(trial.pk)
    assert [(one.to, one.subject) for one in mail.outbox] == [([admin.email], "[Uji] [Perlu tindakan] Dicoba")]
    assert "Salam LSP Contoh" in mail.outbox[0].body
    assert not EmailWording.objects.exists()
    assert AuditEntry.objects.get().act == "wording_tested"
