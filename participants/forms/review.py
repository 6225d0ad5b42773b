"""Input of the review desk."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from batches.models import Batch
from core.forms import PortalForm
from participants.states import SENT, Verdict

OPEN = "open"

# Ready-made reasons: what is wrong and what to send instead. Stored as text, so they may be reworded at any time.
READY_REASONS = [
    _("Gambar buram atau terpotong. Unggah lagi dengan keempat sudut terlihat."),
    _("Ini bukan dokumen yang diminta. Unggah dokumen yang sesuai."),
    _("Nama pada dokumen berbeda dari data diri. Samakan, atau unggah surat keterangan."),
    _("Masa berlaku sudah lewat. Unggah yang masih berlaku."),
    _("Tanda tangan atau stempel belum ada. Lengkapi, lalu unggah lagi."),
    _("Halaman belum lengkap. Unggah semua halaman dalam satu PDF."),
]
AGES = [("", _("Semua umur")), ("3", _("Menunggu 3 hari atau lebih")), ("7", _("Menunggu 7 hari atau lebih"))]


class QueueFilterForm(PortalForm):
    """Narrows the queue; anything unknown in the address is ignored."""

    mark_optional = False
    q = forms.CharField(
        label=_("Nama, nomor, atau 4 angka akhir NIK"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("Semua status")),
            (OPEN, _("Menunggu pemeriksaan")),
            *((status.value, status.label) for status in SENT),
        ],
    )
    batch = forms.ChoiceField(label=_("Angkatan"), required=False)
    age = forms.ChoiceField(label=_("Umur"), required=False, choices=AGES)

    def __init__(self, *args: Any, batches: Iterable[Batch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["batch"].choices = [("", _("Semua angkatan")), *((batch.code, batch.name) for batch in batches)]

    def chosen(self) -> dict[str, str]:
        """What was understood of the address line."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class JudgeDocumentForm(PortalForm):
    """A verdict; a returned document has a ready-made reason, words of one's own, or both."""

    verdict = forms.ChoiceField(label=_("Putusan"), choices=Verdict.choices, widget=forms.HiddenInput)
    ready = forms.ChoiceField(
        label=_("Alasan siap pakai"),
        required=False,
        choices=[("", _("Pilih alasan")), *((str(index), text) for index, text in enumerate(READY_REASONS))],
    )
    text = forms.CharField(label=_("Tambahan alasan"), required=False, max_length=300)

    @property
    def reason(self) -> str:
        ready, text = self.cleaned_data.get("ready"), self.cleaned_data.get("text", "").strip()
        return f"{READY_REASONS[int(ready)]} {text}".strip() if ready else text


class ReasonForm(PortalForm):
    """Words that the participant reads."""

    reason = forms.CharField(
        label=_("Alasan"),
        max_length=1000,
        help_text=_("Peserta membaca alasan ini di halamannya dan di email."),
        widget=forms.Textarea({"rows": 4}),
    )


class ReturnForm(PortalForm):
    """May be empty when documents were returned: then their reasons say it all."""

    reason = forms.CharField(
        label=_("Pesan untuk peserta"),
        required=False,
        max_length=1000,
        help_text=_("Tulis apa yang perlu diperbaiki di luar dokumen yang sudah ditandai."),
        widget=forms.Textarea({"rows": 4}),
    )


class RevealForm(PortalForm):
    """Why the number is needed in clear; kept in the audit log."""

    reason = forms.CharField(
        label=_("Alasan membuka nomor"),
        max_length=300,
        help_text=_("Misalnya: mencocokkan dengan KTP. Alasan dan nama Anda tercatat dalam jejak audit."),
    )


class AnswerForm(PortalForm):
    """Staff's answer to a question of the scheme; empty takes it back."""

    answer = forms.ChoiceField(required=False, choices=[("", ""), ("yes", _("Ya")), ("no", _("Tidak"))])

    @property
    def value(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["answer"])
