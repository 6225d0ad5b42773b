"""Sentences for the rules about papers; see `wording_person` for the parts of a text."""

from django.utils.translation import gettext_lazy as _

from participants.eligibility.wording_person import Text

_WAIT = _("Tidak ada yang perlu Anda lakukan; admin memeriksa dokumen ini.")
_CHECK = _("Periksa %(document)s, lalu pilih sesuai atau perbaiki.")
_UPLOAD = _("Unggah %(document)s.")
_PROOF = _("Unggah %(document)s sebagai bukti.")
_PREPARE = _("Siapkan %(document)s.")
_REPLACE = _("Ganti %(document)s sesuai catatan admin.")
_AWAIT_UPLOAD = _("Tunggu unggahan peserta.")
_AWAIT_FIX = _("Tunggu perbaikan dari peserta.")
_ABSENT = _("%(document)s belum diunggah.")
_NOT_READY = _("%(document)s diunggah saat mendaftar.")
_RETURNED = _("%(document)s perlu diperbaiki.")

TITLES = {
    "certificate_held": _("%(document)s berlaku %(moment)s"),
    "document_present": _("%(document)s diunggah"),
    "document_approved": _("%(document)s sesuai menurut admin"),
    "expiry_window": _("%(document)s dalam masa perpanjangan"),
    "assessments_min": _("Paling sedikit %(count)s asesmen dalam %(within)s terakhir"),
}

LIMITS = {
    "certificate_held": _("Syarat skema LSP: berlaku %(moment)s."),
    "certificate_held.level": _("Syarat skema LSP: berlaku %(moment)s, jenjang KKNI paling rendah %(min_level)s."),
    "document_present": _("Syarat skema LSP: dokumen ini diunggah."),
    "document_present.age": _("Syarat skema LSP: dokumen berumur paling lama %(max_age_days)s hari."),
    "document_approved": _("Syarat skema LSP: dokumen ini diperiksa dan sesuai."),
    "expiry_window": _(
        "Syarat skema LSP: paling cepat %(before)s hari sebelum dan paling lambat %(after)s hari setelah masa berlaku "
        "berakhir."
    ),
    "assessments_min": _("Syarat skema LSP: paling sedikit %(count)s asesmen dalam %(within)s terakhir."),
}

MOMENTS = {
    "pengajuan": _("saat pendaftaran dikirim"),
    "mulai_pelatihan": _("saat pelatihan mulai"),
    "selesai_pelatihan": _("saat pelatihan selesai"),
}

# When the person only said that it has expired, without a date.
EXPIRED_SEEN = _("Masa berlaku %(document)s sudah berakhir.")

_COUNTED = _("%(seen_count)s asesmen ditulis, cukup untuk syarat %(count)s.")
_IN_WINDOW = _("Masa berlaku sampai %(valid_until)s, dalam masa perpanjangan.")
_IN_FORCE = _("%(document)s sudah sesuai dan berlaku %(moment)s.")

PAPERS: dict[tuple[str, str], Text] = {
    ("certificate_held", "ok"): Text(_IN_FORCE),
    ("certificate_held", "absent"): Text(
        _("%(document)s belum ada."), _("Unggah %(document)s, atau pilih skema lain."), _AWAIT_UPLOAD
    ),
    ("certificate_held", "expired"): Text(
        _("%(document)s berlaku sampai %(valid_until)s; syaratnya berlaku %(moment)s."),
        _("Unggah sertifikat yang masih berlaku %(moment)s, atau pilih skema lain."),
    ),
    ("certificate_held", "level_low"): Text(
        _("Jenjang KKNI %(seen_level)s, di bawah syarat jenjang %(min_level)s."),
        _("Unggah sertifikat dengan jenjang paling rendah %(min_level)s, atau pilih skema lain."),
    ),
    ("certificate_held", "level_unknown"): Text(
        _("Jenjang KKNI sertifikat belum ditulis."),
        _("Tulis jenjang yang ada pada sertifikat."),
        _("Baca jenjang pada %(document)s. Bila cukup, pilih sesuai."),
    ),
    ("certificate_held", "scheme_unclear"): Text(
        _("Skema pada sertifikat belum jelas sama dengan bidang yang akan diases."),
        _("Tulis skema seperti pada sertifikat; admin akan mencocokkan."),
        _("Cocokkan skema pada %(document)s dengan bidang yang akan diases. Bila cocok, pilih sesuai."),
    ),
    ("certificate_held", "validity_unknown"): Text(
        _("Akhir masa berlaku belum ditulis."),
        _("Tulis tanggal akhirnya. Bila sertifikat berlaku tanpa batas, biarkan kosong dan admin akan memeriksa."),
        _("Baca masa berlaku pada %(document)s. Bila masih berlaku, pilih sesuai."),
    ),
    ("certificate_held", "not_uploaded"): Text(_ABSENT, _PROOF, _AWAIT_UPLOAD),
    ("certificate_held", "prepare"): Text(_NOT_READY, _("Siapkan %(document)s yang berlaku %(moment)s.")),
    ("certificate_held", "document_pending"): Text(_("%(document)s menunggu pemeriksaan."), _WAIT, _CHECK),
    ("certificate_held", "document_returned"): Text(_RETURNED, _REPLACE, _AWAIT_FIX),
    ("document_present", "ok"): Text(_("%(document)s sudah diunggah.")),
    ("document_present", "absent"): Text(_ABSENT, _UPLOAD, _AWAIT_UPLOAD),
    ("document_present", "prepare"): Text(_NOT_READY, _PREPARE),
    ("document_present", "returned"): Text(_RETURNED, _REPLACE, _AWAIT_FIX),
    ("document_present", "too_old"): Text(
        _("%(document)s berumur %(age_days)s hari, lebih dari syarat %(max_age_days)s hari."),
        _("Unggah %(document)s yang lebih baru."),
    ),
    ("document_approved", "ok"): Text(_("%(document)s sudah sesuai.")),
    ("document_approved", "pending"): Text(_("%(document)s menunggu pemeriksaan."), _WAIT, _CHECK),
    ("document_approved", "absent"): Text(_ABSENT, _UPLOAD, _AWAIT_UPLOAD),
    ("document_approved", "prepare"): Text(_NOT_READY, _PREPARE),
    ("document_approved", "returned"): Text(_RETURNED, _REPLACE, _AWAIT_FIX),
    ("expiry_window", "ok"): Text(_IN_WINDOW),
    ("expiry_window", "absent"): Text(_("%(document)s belum ada."), _UPLOAD, _AWAIT_UPLOAD),
    ("expiry_window", "prepare"): Text(_NOT_READY, _("Siapkan %(document)s dan tanggal masa berlakunya.")),
    ("expiry_window", "validity_unknown"): Text(
        _("Akhir masa berlaku belum ditulis."),
        _("Tulis tanggal akhir masa berlaku seperti pada dokumen."),
        _("Minta perbaikan: tanggal akhir masa berlaku belum ditulis."),
    ),
    ("expiry_window", "too_early"): Text(
        _("Masa berlaku sampai %(valid_until)s; perpanjangan dapat diajukan mulai %(opens_on)s."),
        _("Daftar pada angkatan setelah tanggal itu."),
    ),
    ("expiry_window", "too_late"): Text(
        _("Masa berlaku berakhir %(valid_until)s; batas perpanjangan %(closes_on)s."),
        _("Periksa tanggalnya. Bila benar, pilih pelatihan asesor, bukan perpanjangan."),
    ),
    ("expiry_window", "not_uploaded"): Text(_IN_WINDOW, _PROOF, _AWAIT_UPLOAD),
    ("expiry_window", "document_pending"): Text(_IN_WINDOW, _WAIT, _CHECK),
    ("expiry_window", "document_returned"): Text(_IN_WINDOW, _REPLACE, _AWAIT_FIX),
    ("assessments_min", "ok"): Text(_COUNTED),
    ("assessments_min", "absent"): Text(_ABSENT, _("Unggah %(document)s dan tulis jumlah asesmennya."), _AWAIT_UPLOAD),
    ("assessments_min", "prepare"): Text(_NOT_READY, _("Siapkan %(document)s untuk %(within)s terakhir.")),
    ("assessments_min", "unanswered"): Text(
        _("Jumlah asesmen belum ditulis."),
        _("Tulis jumlah asesmen dalam %(within)s terakhir."),
        _("Minta perbaikan: jumlah asesmen belum ditulis."),
    ),
    ("assessments_min", "too_few"): Text(
        _("%(seen_count)s asesmen, kurang %(missing_count)s dari syarat %(count)s dalam %(within)s terakhir."),
        _("Tambahkan asesmen lain, atau pilih skema lain."),
    ),
    ("assessments_min", "period_unclear"): Text(
        _("%(seen_count)s asesmen dihitung sejak %(since)s, lebih lama dari %(within)s."),
        _("Tulis jumlah asesmen dalam %(within)s terakhir saja."),
        _("Hitung asesmen dalam %(within)s terakhir pada %(document)s. Bila cukup, pilih sesuai."),
    ),
    ("assessments_min", "not_uploaded"): Text(_COUNTED, _PROOF, _AWAIT_UPLOAD),
    ("assessments_min", "document_pending"): Text(_COUNTED, _WAIT, _CHECK),
    ("assessments_min", "document_returned"): Text(_COUNTED, _REPLACE, _AWAIT_FIX),
}
