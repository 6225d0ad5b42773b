"""Input about mails."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import PortalForm
from notifications.states import EmailStatus


class EmailFilterForm(PortalForm):
    """Narrows the list of mails; anything unknown is ignored."""

    mark_optional = False
    q = forms.CharField(
        label=_("Alamat email"), required=False, max_length=254, widget=forms.TextInput({"type": "search"})
    )
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Semua status")), *EmailStatus.choices]
    )

    def chosen(self) -> dict[str, str]:
        """What was understood of the address line."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
