"""How a mail would read with other words: on a real case, or with names in place of facts."""

import logging
from dataclasses import dataclass

from django.utils.translation import override

from notifications import registry
from notifications.models import Email
from notifications.registry import Message
from notifications.rendering import render_templates
from notifications.wording import Words, trying

SAMPLE = "notifications/wording_sample"
MOST_CASES = 10

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Preview:
    """`message` is None when the cause of the case is gone, or when it could not be written just now (`is_unwritten`);
    `case` is None when names stand for facts.
    """

    message: Message | None
    case: Email | None
    is_unwritten: bool = False


def real_cases(kind: str, most: int = MOST_CASES) -> list[Email]:
    """The newest mails of this kind: what own words can be tried on."""
    return list(Email.objects.filter(kind=kind).select_related("recipient").defer("body_html").order_by("-id")[:most])


def preview(kind: str, language: str, words: Words, *, case_code: str = "", real: bool = True) -> Preview:
    """The mail of `kind` with these words: of the chosen case, else of the newest that still holds. Stores nothing.

    `real=False` puts names in place of facts, for a reader who may not read other people's mail.
    """
    try:
        return _tried(kind, language, words, case_code, real_cases(kind) if real else [])
    except Exception:  # whatever a renderer may raise, such as when the files that it reads are away
        logger.exception("A preview could not be written: %s.%s", kind, language)
        return Preview(None, None, is_unwritten=True)


def _tried(kind: str, language: str, words: Words, case_code: str, cases: list[Email]) -> Preview:
    chosen = next((case for case in cases if str(case.code) == case_code), None)
    with trying(words):
        if chosen:
            return Preview(registry.render(kind, chosen.params, language), chosen)
        for case in cases:
            if message := registry.render(kind, case.params, language):
                return Preview(message, case)
    return Preview(_sample(kind, language, words), None)


def _sample(kind: str, language: str, words: Words) -> Message:
    """The words around a place for what the portal says."""
    with override(language):
        names = {name: f"[{variable.label}]" for name, variable in registry.variables_of(kind).items()}
    with trying(words, names), registry.writing(kind):
        return render_templates(SAMPLE, {"title": registry.kind_title(kind)}, language)
