"""Every component in every state on one page, to look at and to test; routed in demo mode only."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from core.charts import Series, bar_chart
from core.clock import now
from core.forms import ClockField, DateField3, DateTimeField3, MonthYearField, PortalForm, YesNoField
from core.months import Entry, MonthLink, build_month


class SampleForm(PortalForm):
    """One field of each kind."""

    name = forms.CharField(label=_("Nama lengkap"), help_text=_("Tulis sesuai KTP."), max_length=60)
    email = forms.EmailField(label=_("Email"))
    born = DateField3(label=_("Tanggal lahir"), years=(1940, 2010))
    started = MonthYearField(label=_("Mulai bekerja"), required=False)
    opens = DateTimeField3(label=_("Pendaftaran dibuka"), help_text=_("Jam ditulis dengan titik."))
    start = ClockField(label=_("Jam mulai"))
    level = forms.ChoiceField(
        label=_("Pendidikan terakhir"), choices=[("", _("Pilih pendidikan")), ("d3", "D3"), ("s1", "S1")]
    )
    certified = YesNoField(label=_("Apakah Anda memiliki sertifikat kompetensi yang masih berlaku?"))
    topics = forms.MultipleChoiceField(
        label=_("Bidang"), choices=[("a", _("Akuntansi")), ("b", _("Pariwisata"))],
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    note = forms.CharField(label=_("Catatan"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    paper = forms.FileField(label=_("Sertifikat kompetensi"), help_text=_("PDF, JPG, atau PNG. Paling besar 3 MB."))
    password = forms.CharField(label=_("Kata sandi"), widget=forms.PasswordInput)
    truth = forms.BooleanField(label=_("Data yang saya isi benar dan dapat dipertanggungjawabkan."))


class SearchForm(PortalForm):
    """A filter bar."""

    mark_optional = False
    q = forms.CharField(label=_("Cari nama atau nomor"), required=False, widget=forms.TextInput({"type": "search"}))
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("Semua status"))])


PEOPLE = [
    {"name": "Siti Rahmawati", "code": "P-2026-01200", "city": "Medan", "papers": "4/6", "on": date(2026, 11, 21),
     "status": _("Menunggu verifikasi"), "tone": "warn"},
    {"name": "Agus Prasetyo", "code": "P-2026-01201", "city": "Kupang", "papers": "3/6", "on": date(2026, 11, 21),
     "status": _("Perlu perbaikan"), "tone": "err"},
    {"name": "Ni Made Ayu Wulandari", "code": "P-2026-01202", "city": "Denpasar", "papers": "6/6",
     "on": date(2026, 11, 20), "status": _("Memenuhi syarat"), "tone": "ok"},
    {"name": "Budi Santoso", "code": "P-2026-01203", "city": "Bandung", "papers": "6/6", "on": date(2026, 11, 19),
     "status": _("Sedang ditinjau"), "tone": "rev"},
]  # fmt: skip
RULES = [
    {"state": "met", "label": _("Pendidikan paling rendah D3"), "seen": "S1", "limit": "D3"},
    {"state": "unmet", "label": _("Pengalaman kerja di bidang skema"), "seen": _("6 tahun"), "limit": _("8 tahun"),
     "todo": _("Kurang 2 tahun. Tambahkan pengalaman lain, atau pilih skema lain."), "url": "#elig",
     "children": [{"state": "met", "label": _("Jabatan penyelia"), "seen": _("2 tahun"), "limit": _("2 tahun")},
                  {"state": "wait", "label": _("Surat keterangan kerja")}]},
    {"state": "proof", "label": _("Sertifikat kompetensi teknis"), "seen": _("Masih berlaku"),
     "todo": _("Unggah sertifikat agar admin dapat memeriksanya."), "url": "#elig", "url_label": _("Unggah dokumen")},
]  # fmt: skip
TASKS = [
    {"label": _("Baca syarat peserta"), "url": "#tasks", "status": _("Selesai"), "tone": "muted"},
    {"label": _("Isi pendidikan"), "url": "#tasks", "hint": _("Ijazah terakhir"), "status": _("Sedang diisi"),
     "tone": "info"},
    {"label": _("Unggah dokumen"), "url": "#tasks", "hint": _("4 dari 6 dokumen"), "status": _("Belum dimulai"),
     "tone": "warn"},
    {"label": _("Periksa dan kirim"), "status": _("Belum bisa dimulai"), "tone": "muted", "blocked": True},
]  # fmt: skip
STEPS = [
    {"title": _("Pendaftaran terkirim"), "time": "3 Agustus 2026", "state": "done"},
    {"title": _("Pemeriksaan dokumen"), "text": _("Paling lambat Jumat, 7 Agustus 2026."), "state": "now"},
    {"title": _("Kursi dikonfirmasi"), "state": "next"},
]


ENTRIES = [
    Entry(date(2026, 8, 3), "08.00–09.30 WIB", "Kode etik asesor", _("Ruang Melati"), "#cal"),
    Entry(date(2026, 8, 3), "09.45–11.15 WIB", "Role play", _("Ruang Melati"), "#cal", "rev", _("Berubah")),
    Entry(date(2026, 8, 4), "08.00–08.30 WIB", "Pembukaan", "", "#cal", "plain"),
    Entry(date(2026, 8, 5), "08.00–10.15 WIB", "Asesmen", "", "#cal", "warn"),
    Entry(date(2026, 8, 6), "13.00–14.30 WIB", "Validasi", "", "#cal", "cancelled", _("Dibatalkan")),
]
MONTH_LINKS = {
    "before": MonthLink("Juli 2026", "?bulan=2026-07"),
    "after": MonthLink("September 2026", "?bulan=2026-09"),
}
MONTHS = ["Jun", "Jul", "Agu", "Sep", "Okt", "Nov"]
RESULTS = [
    Series(_("Kompeten"), 3, [30, 41, 44, 52, 67, 49]), Series(_("Belum kompeten"), 2, [4, 0, 3, 6, 5, 2]),
]  # fmt: skip


def sample_context(*, with_errors: bool) -> dict[str, Any]:
    """What the page shows; the form is empty, or as it comes back after a failed try."""
    failed = SampleForm({"name": "Siti", "born_day": "31", "born_month": "2", "born_year": "1990"}, {})
    return {
        "form": failed if with_errors else SampleForm(),
        "search": SearchForm(),
        "people": PEOPLE,
        "rules": RULES,
        "tasks": TASKS,
        "steps": STEPS,
        "page": Paginator(range(148), 25).page(3),
        "rows": [
            {"label": _("Nama lengkap"), "value": "Siti Rahmawati", "url": "#kv"},
            {"label": _("Nomor KTP (NIK)"), "value": "3174 •••• •••• 0003", "url": "#kv"},
            {"label": _("Nomor WhatsApp"), "missing": True, "url": "#kv"},
        ],
        "pills": [
            {"label": _("Semua"), "url": "?", "current": True, "count": 148},
            {"label": _("Menunggu"), "url": "?s=1", "count": 25},
            {"label": _("Perlu perbaikan"), "url": "?s=2", "count": 0},
        ],
        "file": {"name": "ijazah-siti-rahmawati.pdf", "size": 1_240_000, "url": "#file", "kind": "pdf"},
        "failed": [{"label": "Budi Santoso", "reason": _("Nama untuk sertifikat belum diisi.")}],
        "crumbs": [(_("Angkatan"), "#"), (_("Angkatan 13"), "")],
        "month": build_month(date(2026, 8, 1), ENTRIES, date(2026, 8, 4)),
        "month_links": MONTH_LINKS,
        "chart": bar_chart(MONTHS, [Series(_("Pendaftaran"), 1, [42, 55, 48, 71, 88, 64]), *RESULTS]),
        "empty_chart": bar_chart(MONTHS, [Series(_("Pendaftaran"), 1, [0] * 6)]),
        "tones": ["ok", "warn", "err", "rev", "info", "plain"],
        "consequences": [_("Kursi diberikan kepada pendaftar berikutnya."), _("Tindakan ini tidak dapat dibatalkan.")],
        "at": now(),
    }


def components(request: HttpRequest) -> HttpResponse:
    """The gallery; `?errors=1` shows the form after a failed try."""
    messages.success(request, _("Pendaftaran terkirim. Nomor P-2026-01204."))
    messages.error(request, _("Berkas harus PDF, JPG, atau PNG."))
    return render(request, "dev/components.html", sample_context(with_errors="errors" in request.GET))
