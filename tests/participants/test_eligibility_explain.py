import re
from dataclasses import replace
from datetime import date

import pytest

from participants.eligibility import (
    OUTCOME_LABELS,
    REASONS,
    STAFF,
    Outcome,
    RuleResult,
    combine_hint,
    duration,
    evaluate,
    explain,
    required_documents,
    rule_title,
    why_needed,
)
from participants.eligibility.explain import TEXTS
from tests.participants.eligibility_helpers import (
    FIELD,
    SCHEMES,
    ask,
    blank,
    complete,
    paper,
    reference,
    shipped,
    worked,
)

PAIRS = [(rule_type, reason) for rule_type, reasons in REASONS.items() for reason in reasons]
BANNED = re.compile(
    r"\b(mohon|silakan|maaf|valid|invalid|tidak sah|dilarang|terjadi kesalahan|oops|wajib|field|error|server|gagal|"
    r"ditolak|aturan BNSP|sandi|surel)\b|!",
    re.IGNORECASE,
)


def words(rule_type, params, facts, audience="participant", **rule):
    return explain(ask(rule_type, params, facts, **rule), reference(), audience)


def test_every_reason_has_its_text_and_no_text_is_left_over():
    assert set(TEXTS) == set(PAIRS)


@pytest.mark.parametrize(("rule_type", "reason"), PAIRS)
@pytest.mark.parametrize("audience", ["participant", "staff"])
def test_text_of_every_reason(rule_type, reason, audience):
    outcome = REASONS[rule_type][reason]
    limit = {"question": "Sudah diwawancarai?", "text_code": "KODE_ETIK", "valid_on": "pengajuan", "document": "SERKOM"}
    shown = explain(RuleResult("R", rule_type, "", outcome, reason, {}, limit, "SERKOM"), reference(), audience)

    assert shown.title
    assert shown.seen_text
    assert shown.limit_text
    assert shown.remedy or outcome == Outcome.MET or audience == "staff"
    for text in (shown.title, shown.seen_text, shown.limit_text, shown.remedy):
        assert "%(" not in text
        assert not BANNED.search(text), text
        assert all(len(sentence.split()) <= 20 for sentence in re.split(r"[.;:] ", text)), text


def test_experience_too_short():
    facts = blank(experiences=(worked("2020-03-02"),))
    shown = words("experience_min_years", {"years": 8}, facts)

    assert shown.title == "Pengalaman kerja paling sedikit 8 tahun"
    assert shown.message == (
        "Pengalaman 6 tahun, kurang 2 tahun dari syarat 8 tahun. Tambahkan pengalaman lain, atau pilih skema lain."
    )
    assert shown.limit_text == "Syarat skema LSP: paling sedikit 8 tahun."
    assert shown.outcome_label == "Belum memenuhi"


def test_experience_short_of_some_days_says_days():
    facts = blank(experiences=(worked("2023-03-08"),))
    assert words("experience_min_years", {"years": 3}, facts).seen_text == (
        "Pengalaman 2 tahun 11 bulan, kurang 5 hari dari syarat 3 tahun."
    )


def test_experience_in_an_unclear_field():
    facts = blank(target_field=FIELD, experiences=(worked("2015-03-02", None, "Boga"), worked("2025-01-02")))
    params = {"years": 3, "field_match": True}
    shown = words("experience_min_years", params, facts)

    assert shown.title == "Pengalaman kerja paling sedikit 3 tahun di bidang yang diases"
    assert shown.seen_text == "Pengalaman 11 tahun; yang jelas sebidang baru 1 tahun 2 bulan dari syarat 3 tahun."
    assert "Bila sebidang, pilih sesuai." in words("experience_min_years", params, facts, STAFF).remedy


def test_education_uses_the_labels_of_the_lsp():
    shown = words("education_min", {"level": "D3"}, blank(education_level="SMA"))

    assert shown.title == "Pendidikan paling rendah Diploma 3"
    assert shown.seen_text == "Pendidikan SMA/SMK/sederajat, di bawah syarat Diploma 3."


def test_label_of_the_data_wins_over_the_composed_title():
    assert words("education_min", {"level": "D3"}, blank(), label="Lulus D3").title == "Lulus D3"


@pytest.mark.parametrize(
    ("params", "limit"),
    [
        ({"min": 21, "max": 60}, "Syarat skema LSP: usia 21 sampai 60 tahun."),
        ({"min": 21}, "Syarat skema LSP: usia paling rendah 21 tahun."),
        ({"max": 60}, "Syarat skema LSP: usia paling tinggi 60 tahun."),
    ],
)
def test_age_limits(params, limit):
    assert words("age_between", params, blank(birth_date=date(1990, 1, 1))).limit_text == limit


def test_certificate_dates_are_written_out():
    document = paper(valid_until="2026-02-20")
    params = {"document": "SERKOM", "valid_on": "mulai_pelatihan", "min_level": 7}
    shown = words("certificate_held", params, blank(documents={"SERKOM": document}))

    assert shown.title == "Sertifikat kompetensi teknis berlaku saat pelatihan mulai"
    assert "sampai 20 Februari 2026" in shown.seen_text
    assert shown.limit_text == "Syarat skema LSP: berlaku saat pelatihan mulai, jenjang KKNI paling rendah 7."


def test_certificate_said_to_be_expired_shows_no_date():
    facts = blank(documents={"SERKOM": paper(expired=True)})
    shown = words("certificate_held", {"document": "SERKOM", "valid_on": "pengajuan"}, facts)

    assert shown.seen_text == "Masa berlaku Sertifikat kompetensi teknis sudah berakhir."


def test_too_early_for_renewal_says_from_when():
    params = {"document": "SERT_ASESOR", "max_days_before_expiry": 180, "max_days_after_expiry": 365}
    facts = blank(documents={"SERT_ASESOR": paper(valid_until="2027-01-01")})
    assert "mulai 5 Juli 2026" in words("expiry_window", params, facts).seen_text


def test_identity_names_what_differs():
    facts = blank(
        nationality="WNI", identity_kind="nik", identity_findings=("birth_date_differs", "sex_differs", "later")
    )
    shown = words("identity_valid", {"require_nik_for_wni": True}, facts)

    assert shown.seen_text == "Sebagian isian berbeda dari NIK: tanggal lahir, jenis kelamin, data lain."


@pytest.mark.parametrize("verified", [True, False])
def test_participant_reads_the_same_words_with_and_without_a_duplicate_while_it_matters(verified):
    params = {"scope": "skema"}
    alone = blank(identity_verified=False)
    twice = blank(identity_verified=verified, duplicate_registration=True)

    assert words("no_active_duplicate", params, alone) == words("no_active_duplicate", params, twice)
    assert "lain" not in words("no_active_duplicate", params, twice).message
    assert words("no_active_duplicate", params, twice, STAFF).seen_text == "NIK ini ada pada pendaftaran aktif lain."
    assert words("no_active_duplicate", params, alone, STAFF).seen_text == "Admin memeriksa data identitas."


@pytest.mark.parametrize("code", SCHEMES)
@pytest.mark.parametrize(
    "facts",
    [blank(), complete(), complete("pending"), complete("returned"), replace(blank(), preliminary=True)],
    ids=["blank", "accepted", "pending", "returned", "preliminary"],
)
def test_every_rule_of_the_shipped_schemes_is_explained(code, facts):
    for result in evaluate(shipped(code), facts, reference()).walk():
        shown = explain(RuleResult.from_json(result.to_json()), reference())
        assert shown.title
        assert "–" not in shown.message, shown.message


def test_rule_title_needs_no_evaluation():
    titles = {rule.id: rule_title(rule, reference()) for rule in shipped("ASKOM-UMUM").walk()}

    assert titles["U1b"] == "KTP atau paspor sesuai menurut admin"
    assert titles["U2a"] == "D3 ke atas + 3 tahun di bidangnya"
    assert titles["U2a.2"] == "Pengalaman kerja paling sedikit 3 tahun di bidang yang diases"
    assert titles["U5b"] == "Pernyataan: keabsahan dokumen"


def test_why_needed_joins_the_reasons():
    required = {item.code: item for item in required_documents(shipped("ASKOM-RCC"))}

    assert why_needed(required["SERT_ASESOR"].why) == "Untuk diperiksa admin, menunjukkan masa berlaku."
    assert all(why_needed(item.why) for code in SCHEMES for item in required_documents(shipped(code)))


@pytest.mark.parametrize(("months", "text"), [(0, "0 bulan"), (1, "1 bulan"), (12, "1 tahun"), (26, "2 tahun 2 bulan")])
def test_duration(months, text):
    assert duration(months) == text


def test_labels_of_outcomes_and_groups():
    assert [str(OUTCOME_LABELS[outcome]) for outcome in Outcome] == ["Memenuhi", "Perlu bukti", "Belum memenuhi"]
    assert combine_hint("any") != combine_hint("all")
