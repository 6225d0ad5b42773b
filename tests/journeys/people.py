"""Invented applicants, each new, and the files that they bring."""

import secrets
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path

from tot_portal.demo_files import jpeg_bytes, pdf_bytes

PASSWORD = "kuda lari di padang rumput"
NAMES = [
    "Dewi Lestari", "Budi Santoso", "Ratna Wulandari", "Agus Prasetyo", "Nurul Hidayati", "Joko Susilo", "Ayu Kartika",
    "Fajar Nugroho", "Indah Permata", "Rizky Maulana", "Melati Siregar", "Yusuf Halim",
]  # fmt: skip
numbers = count(secrets.randbelow(4000) + 1000)
RUN = secrets.token_hex(3)  # journeys may meet the data of an earlier run


@dataclass(frozen=True)
class Applicant:
    """Somebody who meets all rules of the scheme "Umum"; a woman, so the NIK's day is raised by 40."""

    number: int = field(default_factory=lambda: next(numbers))
    born: date = date(1988, 8, 17)
    field: str = "Administrasi Perkantoran"
    employer: str = "PT Nusantara Data"

    @property
    def name(self) -> str:
        return NAMES[self.number % len(NAMES)]

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}.{RUN}{self.number}@contoh.test"

    @property
    def nik(self) -> str:
        return f"317405{self.born.day + 40}{self.born:%m%y}{self.number:04}"


@dataclass(frozen=True)
class Applied:
    """Somebody whose application is in the portal already."""

    name: str
    email: str
    nik: str


def paper(folder: Path, code: str, text: str = "") -> Path:
    """A file that says what it stands for, as the scheme's document `code` wants it."""
    text = f"CONTOH\n{text or code}"
    kind, content = ("jpg", jpeg_bytes(text)) if code in {"KTP", "PASFOTO"} else ("pdf", pdf_bytes(text))
    path = folder / f"{code.lower()}.{kind}"
    path.write_bytes(content)
    return path
