"""Writes a mail from its three templates."""

from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.registry import Message, kind_being_written, shared_context
from notifications.wording import Words, own_words


def render_templates(
    name: str, context: dict[str, Any], language: str, *, action: bool = False, deadline: date | str | None = None,
) -> Message:  # fmt: skip
    """The mail "<app>/<name>" from <app>/email/<name>.subject.txt, .txt and .html, in `language`.

    Templates also get site_url, language and what the apps add for every mail (lsp). `action` begins the subject
    with the mark of mails that ask for something, and with their `deadline` where there is one. Addresses in mails
    start with site_url, never with a request's host.
    Own words of the LSP for the kind at work take the place of the subject (the mark stays), and stand before and
    after what the template says.
    """
    app, _slash, short = name.partition("/")
    base = f"{app}/email/{short.removeprefix('email/')}"
    with override(language):
        values = {"site_url": settings.SITE_URL, "language": language} | shared_context() | context
        kind = kind_being_written()
        words = values["words"] = own_words(kind, language, values) if kind else Words()
        subject = words.subject or " ".join(render_to_string(f"{base}.subject.txt", values).split())
        if action:
            subject = _marked(subject, deadline)
        text = render_to_string(f"{base}.txt", values).strip() + "\n"
        return Message(subject, text, render_to_string(f"{base}.html", values | {"subject": subject}))


def _marked(subject: str, deadline: date | str | None) -> str:
    """The mark comes first: lists of mails cut the end off."""
    if not deadline:
        return _("[Perlu tindakan] %(subject)s") % {"subject": subject}
    day = deadline if isinstance(deadline, str) else format_date(deadline, "j M Y")
    return _("[Perlu tindakan, paling lambat %(day)s] %(subject)s") % {"day": day, "subject": subject}
