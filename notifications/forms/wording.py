"""Input for the LSP's own words in mails."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.forms import PortalForm
from core.templatetags.ui import moment
from notifications.models import Email
from notifications.wording import LONGEST_SUBJECT, LONGEST_TEXT, Words, check


class WordingForm(PortalForm):
    """Own words of one kind in one language. Names that the kind does not know are refused where they stand."""

    mark_optional = False
    subject = forms.CharField(
        label=_("Subjek"), required=False, max_length=LONGEST_SUBJECT,
        help_text=_("Satu baris. Tanda “Perlu tindakan” tetap ditulis portal di depannya."),
    )  # fmt: skip
    opening = forms.CharField(
        label=_("Pembuka"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 5}),
        help_text=_("Setelah salam, sebelum keterangan dari portal. Baris kosong memulai paragraf baru."),
    )  # fmt: skip
    closing = forms.CharField(
        label=_("Penutup"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 4}),
        help_text=_("Setelah keterangan dan tombol dari portal, sebelum nama LSP."),
    )  # fmt: skip
    based_on = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    case = forms.ChoiceField(label=_("Pratinjau dengan surat untuk"), required=False)

    def __init__(self, *args: Any, kind: str, cases: list[Email], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["case"].choices = [(str(case.code), _case_label(case)) for case in cases]
        if not cases:
            del self.fields["case"]

    def _known(self, name: str) -> str:
        text = self.cleaned_data[name].replace("\r\n", "\n")
        try:
            check(text, self.kind)
        except DomainError as error:
            raise ValidationError(str(error), code=error.code) from error
        return text

    def clean_subject(self) -> str:
        if len(self.cleaned_data["subject"].splitlines()) > 1:
            raise ValidationError(_("Tulis subjek dalam satu baris."), code="lines")
        return self._known("subject")

    def clean_opening(self) -> str:
        return self._known("opening")

    def clean_closing(self) -> str:
        return self._known("closing")

    def clean_based_on(self) -> int:
        return self.cleaned_data["based_on"] or 0

    def words(self) -> Words:
        """What was typed, once it is clean."""
        return Words.of(self.cleaned_data)


def _case_label(case: Email) -> str:
    who = getattr(case.recipient, "name", "") or case.to_address
    return f"{who}, {moment(case.sent_at or case.created_at)}"
