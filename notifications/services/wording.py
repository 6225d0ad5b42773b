"""The LSP's own words in mails: put in force as versions, and taken back."""

from django.db import IntegrityError, models, transaction
from django.utils.translation import override

from core.audit import record
from core.errors import ChangedMeanwhile
from core.versioned import VersionStatus, put_in_force
from notifications.errors import NotEditable
from notifications.models import EmailWording
from notifications.registry import kind_title, written_kinds
from notifications.wording import Words, check_words, code_of


@transaction.atomic
def put_wording(kind: str, language: str, words: Words, *, based_on: int, by: models.Model) -> EmailWording | None:
    """Puts `words` in force for the mails of a kind in one language, from the next mail on; empty = the portal's own.

    `based_on` is the newest version that the writer has seen, 0 when there was none. None when nothing
    was and is to be replaced.
    Errors: NotEditable, UnknownVariable, BrokenBraces, WordsTooLong, ChangedMeanwhile.
    """
    if kind not in written_kinds():
        raise NotEditable
    check_words(words, kind)
    code = code_of(kind, language)
    rows = EmailWording.objects.select_for_update(no_key=True).filter(code=code)
    newest = rows.order_by("-version").first()
    if (newest.version if newest else 0) != based_on:
        raise ChangedMeanwhile
    before = Words.of(newest.content) if newest and newest.status == VersionStatus.IN_FORCE else Words()
    if before == words:
        return newest
    with override("id"):
        title = kind_title(kind)[:200]
    try:
        wording = put_in_force(EmailWording, code=code, title=title, content=words.content(), author=by)
    except IntegrityError as error:  # somebody else wrote the first version at the same moment
        raise ChangedMeanwhile from error
    changes = {part: (getattr(before, part), text) for part, text in words.content().items()}
    record("wording_changed", wording, by=by, changes=changes)
    return wording


def restore_wording(version: EmailWording, *, based_on: int, by: models.Model) -> EmailWording | None:
    """Puts the words of an older version in force again, as a new version. Errors: as put_wording."""
    kind, _dot, language = version.code.rpartition(".")
    return put_wording(kind, language, Words.of(version.content), based_on=based_on, by=by)


def use_portal_words(kind: str, language: str, *, based_on: int, by: models.Model) -> EmailWording | None:
    """Puts no own words in force: mails read as the portal writes them. Errors: as put_wording."""
    return put_wording(kind, language, Words(), based_on=based_on, by=by)
