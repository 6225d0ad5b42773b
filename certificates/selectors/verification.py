"""What a stranger may learn of a certificate: by the token of its QR code, or by number and name together."""

import re

from django.db.models.functions import Upper

from certificates.models import Certificate

LONGEST_DEGREE = 3  # letters of one that is written in capitals and without points


def by_token(token: str) -> Certificate | None:
    """One query, whatever the token looks like."""
    return Certificate.objects.select_related("replaced_by", "replaces").filter(token=token).first()


def by_number_and_name(number: str, name: str) -> Certificate | None:
    """The certificate of that number if the name fits. Numbers can be guessed, so the number alone tells nothing."""
    rows = Certificate.objects.annotate(typed=Upper("number")).filter(typed=number.upper())
    certificate = rows.first()
    fits = name_fits(name, certificate.printed_name if certificate else "")
    return certificate if certificate and fits else None


def name_fits(typed: str, printed: str) -> bool:
    """The full name, or words of it with the last one, in any case; degrees may be written or left out."""
    given = _words(typed)
    bare = _words(_without_degrees(printed))
    if not given or not bare:
        return False
    return given == _words(printed) or (given[-1] == bare[-1] and set(given) <= set(bare))


def _without_degrees(name: str) -> str:
    """Dr. Ir. Siti Rahmawati, M.Pd. -> Siti Rahmawati; so do S.Pd and ST at the end without a comma.

    Degrees are few and can be guessed, so none may stand for the surname.
    """
    before = name.split(",")[0]
    words = before.split()
    while len(words) > 1 and _is_degree(words[-1], in_capitals=before.isupper()):
        words.pop()
    return " ".join(word for word in words if not word.endswith(".")) or before


def _is_degree(word: str, *, in_capitals: bool) -> bool:
    return "." in word or (word.isupper() and len(word) <= LONGEST_DEGREE and not in_capitals)


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:['’\-][^\W_]+)*", name.casefold())
