"""Identity numbers: the structure of a NIK, its comparison with what the person wrote, and masks.

`PP KK CC DDMMYY SSSS`: province, regency, district, birth date (day + 40 for women), serial. A NIK never changes, not
even when the birth date is corrected later: a difference is therefore a *warning* that asks for a look at the KTP and
never a *fault*. Only what no NIK can be (wrong length, an impossible date, serial 0000) is a fault.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

from participants.regions import PROVINCES

NIK = "nik"
PASSPORT = "passport"
NIK_LENGTH = 16
BULLETS = "••••"

# Codes are stored with a registration: add new ones, never rename.
FAULTS = frozenset({"nik_empty", "nik_not_digits", "nik_length", "nik_date", "nik_serial", "nik_repeated"})
PASSPORT_FAULTS = frozenset({"passport_format"})
WARNINGS = frozenset({"birth_date_differs", "sex_differs", "province_unknown"})

SENTENCES = {
    "nik_empty": _("Tulis NIK yang ada pada KTP, 16 angka."),
    "nik_not_digits": _("NIK hanya berisi angka. Periksa huruf atau tanda lain yang ikut tertulis."),
    "nik_length": _("NIK terdiri atas 16 angka. Anda menulis %(length)s angka."),
    "nik_date": _("Angka ke-7 sampai ke-12 pada NIK adalah tanggal lahir, dan tanggal ini tidak ada. Periksa lagi."),
    "nik_serial": _("Empat angka terakhir NIK tidak pernah 0000. Periksa lagi."),
    "nik_repeated": _("NIK tidak pernah terdiri atas angka yang sama semua. Tulis NIK yang ada pada KTP."),
    "passport_format": _("Nomor paspor terdiri atas 6 sampai 15 huruf atau angka."),
    "birth_date_differs": _(
        "Tanggal lahir pada NIK berbeda dari isian Anda. Periksa lagi; bila memang berbeda, lanjutkan dan admin akan "
        "memeriksa."
    ),
    "sex_differs": _(
        "Jenis kelamin pada NIK berbeda dari isian Anda. Periksa lagi; bila memang berbeda, lanjutkan dan admin akan "
        "memeriksa."
    ),
    "province_unknown": _(
        "Dua angka pertama NIK tidak ada dalam daftar provinsi kami. Periksa lagi; bila sudah benar, lanjutkan dan "
        "admin akan memeriksa."
    ),
}

_SEXES = {"male": "male", "m": "male", "l": "male", "female": "female", "f": "female", "p": "female"}


@dataclass(frozen=True, slots=True)
class NikReport:
    """What a NIK says and where it differs. Its repr never shows the number, so it may reach a log."""

    normalised: str = field(repr=False)
    faults: tuple[str, ...]
    warnings: tuple[str, ...]
    mask: str
    tail: str

    @property
    def codes(self) -> tuple[str, ...]:
        """All findings, for `Facts.identity_findings`."""
        return self.faults + self.warnings

    def sentences(self, codes: Sequence[str] | None = None) -> list[str]:
        """One plain sentence per finding, in the active language."""
        context = {"length": len(self.normalised)}
        return [str(SENTENCES[code]) % context for code in (self.codes if codes is None else codes)]


def normalise_nik(value: str) -> str:
    """Digits as typed on any keyboard, without spaces, dots and dashes; other characters stay, to be told about."""
    return re.sub(r"[\s.\-\u2010-\u2015_/]", "", unicodedata.normalize("NFKC", value))


def normalise_passport(value: str) -> str:
    """Upper-case letters and digits only."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", value).upper())


def inspect(nik: str, birth_date: date | None = None, sex: str = "") -> NikReport:
    """Check the structure, then compare with the birth date and sex the person wrote ("" or None: not compared)."""
    number = normalise_nik(nik)
    faults = _faults(number, birth_date)
    warnings = () if faults else _warnings(number, birth_date, sex)
    return NikReport(number, faults, warnings, mask_identity(NIK, number), number[-4:] if not faults else "")


def passport_findings(value: str) -> tuple[str, ...]:
    """Faults of a passport number; states differ too much for more than a length."""
    return () if re.fullmatch(r"[0-9A-Z]{6,15}", normalise_passport(value)) else ("passport_format",)


def mask_identity(kind: str, value: str) -> str:
    """`3174 •••• •••• 0003`; a passport, or a NIK of another length, shows its last three characters at most."""
    if kind == NIK and re.fullmatch(r"\d{16}", number := normalise_nik(value), re.ASCII):
        return f"{number[:4]} {BULLETS} {BULLETS} {number[-4:]}"
    plain = normalise_passport(value)
    return f"{BULLETS} {plain[-3:]}" if len(plain) >= 6 else BULLETS


def _faults(number: str, birth_date: date | None) -> tuple[str, ...]:
    if not number:
        return ("nik_empty",)
    if not re.fullmatch(r"[0-9]+", number):
        return ("nik_not_digits",)
    if len(number) != NIK_LENGTH:
        return ("nik_length",)
    if len(set(number)) == 1:
        return ("nik_repeated",)
    faults = []
    if not _is_real_date(number, birth_date):
        faults.append("nik_date")
    if number.endswith("0000"):
        faults.append("nik_serial")
    return tuple(faults)


def _warnings(number: str, birth_date: date | None, sex: str) -> tuple[str, ...]:
    day, month, year = _birth_parts(number)
    claimed_sex = _SEXES.get(sex.strip().casefold(), "")
    warnings = []
    if number[:2] not in PROVINCES:
        warnings.append("province_unknown")
    if birth_date and (day, month, year) != (birth_date.day, birth_date.month, birth_date.year % 100):
        warnings.append("birth_date_differs")
    if claimed_sex and claimed_sex != ("female" if int(number[6:8]) > 40 else "male"):
        warnings.append("sex_differs")
    return tuple(warnings)


def _birth_parts(number: str) -> tuple[int, int, int]:
    day = int(number[6:8])
    return day - 40 if day > 40 else day, int(number[8:10]), int(number[10:12])


def _is_real_date(number: str, birth_date: date | None) -> bool:
    """29 February needs the right century: that of the birth date when its year fits, else either of the two."""
    day, month, year = _birth_parts(number)
    fits = birth_date is not None and birth_date.year % 100 == year
    years = (birth_date.year,) if birth_date is not None and fits else (1900 + year, 2000 + year)
    return any(_exists(candidate, month, day) for candidate in years)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
