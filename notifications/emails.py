"""The portal's own mail: a trial, so that an admin sees whether mail goes out."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import clock
from notifications.registry import Message, register
from notifications.rendering import render_templates

TEST_MAIL = "notifications.test_mail"


def render_test(params: dict[str, Any], language: str) -> Message | None:
    """Says when it was written and that the way is open."""
    return render_templates("notifications/test_mail", {"at": clock.now()}, language)


register(TEST_MAIL, render_test, title=_("Surat uji"))
