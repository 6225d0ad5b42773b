"""Input about held mails: what the page had shown, and that one is sure."""

from django import forms

from core.forms import PortalForm


class ReleaseForm(PortalForm):
    """Hidden fields only: they travel from the comparison over the question to the act."""

    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)


class DiscardForm(PortalForm):
    """The ticked mails; unknown ones are left out by the service."""

    mail = forms.TypedMultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)
