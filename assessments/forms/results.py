"""Input about results and appeals."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.selectors.result_board import APPEALED, STATES
from core.forms import PortalForm


class BoardFilterForm(PortalForm):
    """Narrows the board; anything unknown in the address is ignored."""

    mark_optional = False
    q = forms.CharField(
        label=_("Nama atau nomor"), required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    state = forms.ChoiceField(
        label=_("Keadaan"), required=False,
        choices=[("", _("Semua")), *STATES.items(), (APPEALED, _("Banding terbuka"))],
    )  # fmt: skip

    def chosen(self) -> dict[str, str]:
        """What was understood of the address line."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class DecideForm(PortalForm):
    """Number of the minutes; whom it concerns are the ticks of the table."""

    minutes = forms.CharField(
        label=_("Nomor berita acara"), required=False, max_length=200,
        help_text=_("Bila hasil ditetapkan dalam rapat pleno."),
    )  # fmt: skip


class ReasonForm(PortalForm):
    """Why; whoever is concerned reads it."""

    reason = forms.CharField(label=_("Alasan"), max_length=500, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = hint


class GroundsForm(PortalForm):
    """What the participant holds against the result."""

    grounds = forms.CharField(
        label=_("Alasan banding"), max_length=4000, widget=forms.Textarea({"rows": 8}),
        help_text=_("Sebutkan bagian mana yang menurut Anda keliru, dan bukti atau kejadian yang mendukungnya."),
    )  # fmt: skip


class PanelForm(PortalForm):
    """Who hears an appeal."""

    people = forms.MultipleChoiceField(
        label=_("Anggota panel"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Disarankan tiga orang. Yang tidak tampil di sini terlibat dalam penilaian atau melatih kelasnya."),
    )  # fmt: skip

    def __init__(self, *args: Any, candidates: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = {user.code: user for user in candidates}
        self.fields["people"].choices = [(code, str(user)) for code, user in self.candidates.items()]

    def chosen(self) -> list[User]:
        return [self.candidates[code] for code in self.cleaned_data["people"]]


class AppealDecisionForm(PortalForm):
    """The panel's answer in words."""

    outcome = forms.ChoiceField(
        label=_("Putusan panel"), widget=forms.RadioSelect,
        choices=[("upheld", _("Kabulkan: peserta diuji lagi")), ("dismissed", _("Tidak dikabulkan: hasil tetap"))],
    )  # fmt: skip
    text = forms.CharField(
        label=_("Pertimbangan"), max_length=4000, widget=forms.Textarea({"rows": 8}),
        help_text=_("Dibaca oleh peserta. Sebutkan yang diperiksa dan alasannya."),
    )  # fmt: skip
