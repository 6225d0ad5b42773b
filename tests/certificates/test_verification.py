"""The public page: every printed fact and how things stand, and nothing to learn for those who guess."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Lsp
from certificates import services
from certificates.models import TOKEN_LENGTH, Certificate, new_token
from certificates.rendering import CertificateFacts
from certificates.selectors.paper import ClassFacts
from certificates.selectors.verification import name_fits
from core import limits
from core.templatetags.ui import day
from tests.factories.certificates import confirm_name, make_certificate, make_director, put_certificate
from tests.factories.participants import make_registration
from tests.tot_portal.pages import Page

pytestmark = pytest.mark.django_db
SEARCH = "/verifikasi/"


@pytest.fixture
def certificate(db):
    return make_certificate()


def page_of(certificate, client=None) -> Page:
    return Page((client or Client()).get(reverse("certificates:verify", args=[certificate.token])))


def search(number, name):
    return Client().post(SEARCH, {"number": number, "name": name})


def same(response) -> tuple[int, str, list[str]]:
    """What a stranger can compare: status, words and elements; not what was typed."""
    page = Page(response)
    return response.status_code, page.text(), [str(node.tag) for node in page.tree.iter()]


def test_page_shows_every_printed_fact(certificate):
    facts = CertificateFacts.from_json(certificate.facts)

    page = page_of(certificate)
    text = page.text()

    assert page.response.status_code == 200
    assert "Asli dan berlaku" in text
    for printed in (
        facts.number, facts.name, facts.scheme, facts.batch_name, facts.place, f"{facts.jp} JP", day(facts.issued_on),
        facts.issued_place, facts.issuer.name, facts.signatories[0].name, *facts.facilitators,
        *(unit.title for unit in facts.units), *(unit.number for unit in facts.units if unit.number),
    ):  # fmt: skip
        assert printed in text, printed
    assert list(page.faults()) == []


def test_page_shows_nothing_personal_beyond_the_print(certificate):
    person = certificate.registration.person

    text = page_of(certificate).response.content.decode()

    secrets = (
        person.identity,
        person.identity_tail,
        person.birth_date,
        person.phone,
        person.user.email,
    )
    assert [secret for secret in secrets if secret and str(secret) in text] == []
    assert certificate.registration.code not in text


def test_page_says_what_it_is_not(certificate):
    assert "Sertifikat kompetensi asesor diterbitkan BNSP" in page_of(certificate).text()


def test_page_is_kept_by_no_cache_and_no_search_engine(certificate):
    page = page_of(certificate)

    assert page.response["Cache-Control"] == "private, no-store"
    assert page.response["X-Robots-Tag"] == "noindex, nofollow"
    assert page.tree.xpath("//meta[@name='robots']/@content") == ["noindex, nofollow"]


def test_page_takes_at_most_three_queries(certificate):
    director = make_director("Sri")
    new = services.reissue_certificate(certificate, "Gelar keliru.", by=director)
    for one in (certificate, new):
        with CaptureQueriesContext(connection) as seen:
            page_of(one)
        assert len(seen) <= 3, [query["sql"] for query in seen]


def test_revocation_is_visible_at_once_with_day_and_reason(certificate):
    client = Client()
    assert "Asli dan berlaku" in page_of(certificate, client).text()

    services.revoke_certificate(certificate, "Hasil uji dibatalkan.", by=make_director("Sri"))

    text = page_of(certificate, client).text()
    certificate.refresh_from_db()
    assert "Dicabut" in text
    assert "Hasil uji dibatalkan." in text
    assert day(certificate.revoked_at) in text
    assert "Asli dan berlaku" not in text


def test_replaced_certificate_leads_to_the_new_one_and_back(certificate):
    confirm_name(certificate.registration, "Siti Rahmawati, M.Pd.")

    new = services.reissue_certificate(certificate, "Gelar keliru.", by=make_director("Sri"))

    old_page, new_page = page_of(certificate), page_of(new)
    assert "Diganti" in old_page.text()
    assert reverse("certificates:verify", args=[new.token]) in old_page.links()
    assert "Gelar keliru." not in old_page.text()
    assert "Asli dan berlaku" in new_page.text()
    assert reverse("certificates:verify", args=[certificate.token]) in new_page.links()


UNKNOWN = ["a" * TOKEN_LENGTH, "x", "A" * 500, "1", "%27%20OR%201=1", "../../akun/"]


def test_unknown_malformed_and_unfitting_look_alike(certificate):
    answers = [Client().get(f"/verifikasi/{token}/") for token in UNKNOWN[:5]]
    answers += [search("9999/SP-ASKOM/X/I/2026", "Siti"), search(certificate.number, "Bukan Namanya")]

    assert all(same(answer) == same(answers[0]) for answer in answers)
    assert answers[0].status_code == 404
    assert "Tidak dikenal" in answers[0].content.decode()


def test_unknown_and_known_cost_the_same_queries(certificate):
    def queries(act):
        with CaptureQueriesContext(connection) as seen:
            act()
        return len(seen)

    known = queries(lambda: page_of(certificate))
    assert {queries(lambda token=token: Client().get(f"/verifikasi/{token}/")) for token in UNKNOWN[:4]} == {known}
    assert queries(lambda: search(certificate.number, "Bukan")) == queries(lambda: search("0", "Bukan")) == known


def test_number_and_surname_lead_to_the_page(certificate):
    confirm_name(certificate.registration, "Dr. Siti Nur Rahmawati, S.Pd.")
    new = services.reissue_certificate(certificate, "Nama.", by=make_director("Sri"))

    for name in ("rahmawati", "SITI NUR RAHMAWATI", "Dr. Siti Nur Rahmawati, S.Pd.", "siti rahmawati"):
        response = search(f" {new.number.lower()} ", name)
        assert (response.status_code, response.url) == (302, reverse("certificates:verify", args=[new.token])), name


def test_search_page_asks_for_both(certificate):
    response = Client().post(SEARCH, {"number": certificate.number, "name": ""})

    assert response.status_code == 422
    assert certificate.number in response.content.decode()  # nothing typed is lost
    assert list(Page(Client().get(SEARCH)).faults()) == []


@pytest.mark.parametrize(
    ("typed", "printed", "fits"),
    [
        ("Siti Rahmawati", "Siti Rahmawati, S.Pd.", True),
        ("rahmawati", "Dr. Siti Rahmawati, S.Pd., M.Pd.", True),
        ("Dr. Siti Rahmawati, S.Pd., M.Pd.", "Dr. Siti Rahmawati, S.Pd., M.Pd.", True),
        ("Suharto", "Suharto", True),
        ("  siti   RAHMAWATI ", "Siti Rahmawati", True),
        ("O'Neil", "Ani O’Neil", False),
        ("O’Neil", "Ani O’Neil", True),
        ("Siti", "Siti Rahmawati", False),
        ("Dr", "Dr. Siti Rahmawati", False),
        ("S.Pd.", "Siti Rahmawati, S.Pd.", False),
        ("M Pd", "Siti Rahmawati, M.Pd.", False),
        ("Joko Rahmawati", "Siti Rahmawati", False),
        ("", "Siti Rahmawati", False),
        ("a", "Siti Rahmawati", False),
        ("%", "Siti Rahmawati", False),
        ("Rahmawati", "", False),
        ("pd", "Siti Rahmawati S.Pd", False),
        ("rahmawati", "Siti Rahmawati S.Pd", True),
        ("st", "Budi Santoso ST", False),
        ("santoso", "Budi Santoso ST MT", True),
        ("yusuf hidayat", "M.Yusuf Hidayat", True),
        ("SITI LIA", "SITI LIA", True),
        ("lia", "SITI LIA", True),
    ],
)
def test_name_fits(typed, printed, fits):
    assert name_fits(typed, printed) is fits


def test_one_address_may_look_thirty_times_a_minute(certificate, settings):
    settings.REDIS_URL = f"{settings.REDIS_URL.rpartition('/')[0]}/15"  # nobody else counts there
    limits.forget()
    client = Client()
    address = reverse("certificates:verify", args=[certificate.token])
    statuses = [client.get(address).status_code for _time in range(30)]

    refused = client.get(address)

    assert set(statuses) == {200}
    assert refused.status_code == 429
    assert re.search(r"Coba lagi dalam \d+ detik\.", refused.content.decode())
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert client.post(SEARCH, {"number": "1", "name": "x"}).status_code == 429  # searching counts too
    assert client.get(address, REMOTE_ADDR="203.0.113.7").status_code == 200  # others are not held up


def test_addresses_of_one_home_count_as_one(certificate, settings):
    """A home has a whole /64 of IPv6: another address for each question costs nothing."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    address, client = reverse("certificates:verify", args=[certificate.token]), Client()

    statuses = [client.get(address, REMOTE_ADDR=f"2001:db8:0:1::{number:x}").status_code for number in range(31)]

    assert statuses == [200] * 30 + [429]
    assert client.get(address, REMOTE_ADDR="2001:db8:0:2::1").status_code == 200


def test_limit_holds_while_redis_is_away(certificate, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    address, client = reverse("certificates:verify", args=[certificate.token]), Client()

    statuses = [client.get(address).status_code for _time in range(31)]

    assert statuses == [200] * 30 + [429]


def test_tokens_are_long_random_and_readable():
    tokens = {new_token() for _time in range(1000)}

    assert len(tokens) == 1000
    assert all(re.fullmatch(r"[a-z2-7]{26}", token) for token in tokens)  # 130 bits


def test_address_of_the_code_is_the_portal_s_own(certificate, settings):
    settings.SITE_URL = "https://tot.contoh.id"
    common = ClassFacts.of(certificate.registration.batch, Lsp.current())
    token = new_token()

    facts = common.copy_for(certificate.registration, number="1", token=token, issued_at=certificate.issued_at)

    assert facts.verify_url == f"https://tot.contoh.id/verifikasi/{token}/"


def test_certificate_without_a_file_yet_is_genuine_too(db, admin):
    certificate = put_certificate(make_registration("confirmed"), by=admin, file=False)

    text = page_of(certificate).text()

    assert "Asli dan berlaku" in text
    assert "SHA-256" not in text


def test_page_speaks_english(certificate):
    client = Client()
    client.cookies["bahasa"] = "en"

    assert page_of(certificate, client).language == "en"
    assert Certificate.objects.get().number in page_of(certificate, client).text()


def test_counts_of_one_test_are_gone_in_the_next():
    assert limits.wait_for("verification", "127.0.0.1", per_minute=1) == 0
    assert limits.wait_for("verification", "127.0.0.1", per_minute=1) > 0
    limits.forget()
    assert limits.wait_for("verification", "127.0.0.1", per_minute=1) == 0
