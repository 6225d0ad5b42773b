"""Leaving."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import PortalForm


class WithdrawForm(PortalForm):
    """Why somebody withdraws; may stay empty."""

    reason = forms.CharField(
        label=_("Alasan"),
        help_text=_("Membantu kami memperbaiki layanan. Tampil pada riwayat pendaftaran Anda."),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
