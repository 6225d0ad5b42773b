"""Input about mails."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import PortalForm
from notifications.models import Email
from notifications.registry import kinds
from notifications.selectors.outbox import TROUBLE, WAITING
from notifications.states import EmailStatus


class EmailFilterForm(PortalForm):
    """Narrows the list of mails; anything unknown is ignored."""

    mark_optional = False
    q = forms.CharField(
        label=_("Cari alamat, nama, subjek, atau jenis"), required=False, max_length=254,
        widget=forms.TextInput({"type": "search"}),
    )  # fmt: skip
    status = forms.ChoiceField(
        label=_("Status"), required=False,
        choices=[
            ("", _("Semua status")), *EmailStatus.choices, (TROUBLE, _("Gagal atau dicoba lagi")),
            (WAITING, _("Terlambat dikirim")),
        ],
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Jenis surat"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Semua jenis")), *kinds()]

    def chosen(self) -> dict[str, str]:
        """What was understood of the address line."""
        if not self.is_valid() and "q" in self.errors:  # longer than any address: it finds nothing
            self.cleaned_data["q"] = self.data["q"]
        return {name: value for name, value in self.cleaned_data.items() if value}


class ChosenEmailsForm(forms.Form):
    """Which of the listed mails, and what is to be done with them."""

    RETRY, CANCEL = "retry", "cancel"
    act = forms.ChoiceField(choices=[(RETRY, RETRY), (CANCEL, CANCEL)])
    chosen = forms.ModelMultipleChoiceField(
        Email.objects.without_text().select_related("recipient"), to_field_name="code",
    )  # fmt: skip
