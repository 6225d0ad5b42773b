"""Everything that stands on a certificate, copied at the moment of issue."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self

DESIGN = "klasik"  # the only design so far; a stored certificate keeps the one it was issued with


@dataclass(frozen=True)
class Issuer:
    """The certification body. `licence` is its BNSP licence number, or ''."""

    name: str
    short_name: str
    licence: str = ""


@dataclass(frozen=True)
class Signatory:
    """Who signs, in the order of signing. `number` is a NIP or MET number with its own label, or ''."""

    name: str
    title: str
    number: str = ""


@dataclass(frozen=True)
class UnitLine:
    """One row of the back page: a unit of competence, or a subject without a code.

    `code` is the short code of the portal (MAPA), `number` the unit's number in the standard (M.74SPS03.088.2), each
    may be ''. `jp` are the hours given. `result` is as printed: "Lulus", or "" for a subject without an exam.
    """

    code: str
    title: str
    number: str
    jp: int
    result: str


@dataclass(frozen=True)
class CertificateFacts:
    """What is printed, and nothing else: no identity number, no birth date, no address.

    The same facts always give the same file, so the facts of an issued certificate never change; Certificate.facts
    keeps them as JSON.

    - design: name of the layout
    - title: heading, "Sertifikat Pelatihan"
    - number: the certificate's number as printed
    - name: holder, with degrees, confirmed by the holder, as check_printable() returned it
    - scheme: title of the scheme
    - batch_name: name of the batch
    - starts_on, ends_on: first and last day of the training
    - jp: all hours of the programme
    - place: where the training took place, for example "TUK Graha Kompetensi, Jakarta"
    - issued_on, issued_place: date of issue in the issuer's zone, and its city
    - issuer: the certification body
    - signatories: one to three
    - units: rows of the back page, at most 14
    - facilitators: names of those who trained
    - verify_url: whole address of the public page, which the QR code holds
    - language: of the text, "id"
    """

    design: str
    title: str
    number: str
    name: str
    scheme: str
    batch_name: str
    starts_on: date
    ends_on: date
    jp: int
    place: str
    issued_on: date
    issued_place: str
    issuer: Issuer
    signatories: tuple[Signatory, ...]
    units: tuple[UnitLine, ...]
    facilitators: tuple[str, ...]
    verify_url: str
    language: str = "id"

    def to_json(self) -> dict[str, Any]:
        """A dictionary that JSON can hold; dates as 2026-11-24."""
        return {
            name: value.isoformat() if isinstance(value, date) else _listed(value)
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The facts that to_json() gave. Raises KeyError or TypeError for anything else."""
        values = {field.name: data[field.name] for field in fields(cls)}
        for name in ("starts_on", "ends_on", "issued_on"):
            values[name] = date.fromisoformat(values[name])
        values["issuer"] = Issuer(**values["issuer"])
        values["signatories"] = tuple(Signatory(**line) for line in values["signatories"])
        values["units"] = tuple(UnitLine(**line) for line in values["units"])
        values["facilitators"] = tuple(values["facilitators"])
        return cls(**values)


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
