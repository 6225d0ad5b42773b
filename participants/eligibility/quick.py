"""The check without an account: four answers become facts for the same `evaluate`."""

from datetime import date, timedelta

from participants.eligibility.facts import DocumentFact, Experience, Facts
from participants.eligibility.periods import years_before

CERTIFICATE_ANSWERS = ("yes", "expired", "no")
_FIELD = "bidang yang sama persis"


def quick_facts(
    *,
    today: date,
    education_level: str = "",
    experience_years: int | None = None,
    certificate: str = "",
    birth_year: int | None = None,
    training_starts_on: date | None = None,
    training_ends_on: date | None = None,
    certificate_document: str = "SERKOM",
) -> Facts:
    """Facts of a visitor; what was not answered ("" or None) stays open, and papers show as "siapkan".

    The years are in the field to be assessed, up to the start of training (or today); only full years up to 60 count.
    A birth year alone is taken as 1 July, so an age next to a limit is a hint.
    """
    starts_on = training_starts_on or today
    documents = {}
    if certificate == "yes":
        documents[certificate_document] = DocumentFact(present=False, fields={"scheme": _FIELD})
    if certificate == "expired":
        documents[certificate_document] = DocumentFact(present=False, fields={"expired": True})
    return Facts(
        submission_on=today,
        training_starts_on=training_starts_on,
        training_ends_on=training_ends_on,
        target_field=_FIELD,
        birth_date=date(birth_year, 7, 1) if birth_year else None,
        education_level=education_level,
        experiences=() if experience_years is None else (_worked(experience_years, starts_on),),
        documents=documents,
        preliminary=True,
        not_held=frozenset({certificate_document} if certificate == "no" else ()),
    )


def _worked(years: int, until: date) -> Experience:
    starts_on = years_before(until, max(0, min(years, 60)))
    return Experience(starts_on, until - timedelta(days=1), _FIELD)
