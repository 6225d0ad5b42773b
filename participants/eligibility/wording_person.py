"""Sentences for the rules about the person. Keys are (rule type, reason); placeholders come from `explain`.

`seen` says what was found, without "Anda", so that staff read it too; `remedy` is the person's next step ("" when there
is nothing to do); `staff` is the step of staff.
"""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Text(NamedTuple):
    seen: Any
    remedy: Any = ""
    staff: Any = ""


_WAIT = _("Tidak ada yang perlu Anda lakukan; admin memeriksa dokumen ini.")
_CHECK = _("Periksa %(document)s, lalu pilih sesuai atau perbaiki.")

TITLES = {
    "identity_valid": _("Identitas: NIK atau paspor"),
    "age_between": _("Usia saat pelatihan mulai"),
    "education_min": _("Pendidikan paling rendah %(level)s"),
    "experience_min_years": _("Pengalaman kerja paling sedikit %(needed)s"),
    "experience_min_years.field": _("Pengalaman kerja paling sedikit %(needed)s di bidang yang diases"),
    "declaration_accepted": _("Pernyataan: %(declaration)s"),
    "no_active_duplicate": _("Satu pendaftaran aktif per skema"),
    "manual_check": _("%(question)s"),
    "all_of": _("Semua syarat berikut"),
}

LIMITS = {
    "identity_valid": _("Syarat skema LSP: NIK atau paspor yang dapat diperiksa."),
    "identity_valid.nik": _("Syarat skema LSP: NIK untuk WNI, paspor untuk WNA."),
    "age_between": _("Syarat skema LSP: usia %(min)s sampai %(max)s tahun."),
    "age_between.min": _("Syarat skema LSP: usia paling rendah %(min)s tahun."),
    "age_between.max": _("Syarat skema LSP: usia paling tinggi %(max)s tahun."),
    "education_min": _("Syarat skema LSP: paling rendah %(level)s."),
    "experience_min_years": _("Syarat skema LSP: paling sedikit %(needed)s."),
    "experience_min_years.field": _("Syarat skema LSP: paling sedikit %(needed)s di bidang yang diases."),
    "declaration_accepted": _("Syarat skema LSP: pernyataan ini disetujui."),
    "no_active_duplicate": _("Syarat skema LSP: satu orang, satu pendaftaran aktif per skema."),
    "manual_check": _("Syarat skema LSP: admin memeriksa hal ini."),
    "all_of": _("Semua syarat di bawah ini perlu terpenuhi."),
}

_IJAZAH_AND_LETTER = {
    "education_min": _("Pendidikan %(seen_level)s, cukup untuk syarat %(level)s."),
    "experience_min_years": _("Pengalaman %(duration)s, cukup untuk syarat %(needed)s."),
}


def _value_with_paper(rule_type: str) -> dict[tuple[str, str], Text]:
    """The same steps for any typed value that suffices and waits for its paper."""
    seen = _IJAZAH_AND_LETTER[rule_type]
    return {
        (rule_type, "ok"): Text(seen),
        (rule_type, "not_uploaded"): Text(seen, _("Unggah %(document)s sebagai bukti."), _("Tunggu unggahan peserta.")),
        (rule_type, "prepare"): Text(seen, _("Siapkan %(document)s sebagai bukti.")),
        (rule_type, "document_pending"): Text(seen, _WAIT, _CHECK),
        (rule_type, "document_returned"): Text(
            seen, _("Ganti %(document)s sesuai catatan admin."), _("Tunggu perbaikan dari peserta.")
        ),
    }


PERSON: dict[tuple[str, str], Text] = {
    ("identity_valid", "ok"): Text(_("Nomor identitas sudah lengkap.")),
    ("identity_valid", "verified"): Text(_("Nomor identitas sudah dicocokkan dengan KTP.")),
    ("identity_valid", "unanswered"): Text(
        _("Identitas belum diisi."), _("Isi kewarganegaraan dan nomor identitas pada bagian Data diri.")
    ),
    ("identity_valid", "nik_differs"): Text(
        _("Sebagian isian berbeda dari NIK: %(differences)s."),
        _("Periksa lagi isian Anda; bila memang berbeda, lanjutkan dan admin akan memeriksa."),
        _("Bandingkan isian dengan gambar KTP, lalu beri keputusan pada KTP."),
    ),
    ("identity_valid", "nik_fault"): Text(
        _("Susunan NIK belum benar."), _("Tulis lagi 16 angka NIK seperti pada KTP.")
    ),
    ("identity_valid", "nik_required"): Text(
        _("WNI mendaftar dengan paspor."), _("Pilih NIK sebagai jenis identitas, lalu tulis 16 angkanya.")
    ),
    ("identity_valid", "passport_fault"): Text(
        _("Nomor paspor belum benar."), _("Tulis 6 sampai 15 huruf atau angka seperti pada paspor.")
    ),
    ("age_between", "ok"): Text(_("Usia %(age)s tahun saat pelatihan mulai.")),
    ("age_between", "unanswered"): Text(
        _("Tanggal lahir belum diisi."), _("Tulis tanggal lahir lengkap, misalnya 17 8 1990.")
    ),
    ("age_between", "too_young"): Text(
        _("Usia %(age)s tahun saat pelatihan mulai, di bawah syarat %(min)s tahun."),
        _("Periksa tanggal lahir Anda, atau pilih angkatan yang mulai kemudian."),
    ),
    ("age_between", "too_old"): Text(
        _("Usia %(age)s tahun saat pelatihan mulai, di atas syarat %(max)s tahun."),
        _("Periksa tanggal lahir Anda, atau pilih skema lain."),
    ),
    **_value_with_paper("education_min"),
    ("education_min", "unanswered"): Text(_("Pendidikan belum diisi."), _("Pilih pendidikan terakhir Anda.")),
    ("education_min", "level_unknown"): Text(
        _("Pendidikan %(seen_level)s tidak ada dalam daftar."),
        _("Pilih pendidikan terakhir dari daftar."),
        _("Periksa daftar jenjang pendidikan."),
    ),
    ("education_min", "too_low"): Text(
        _("Pendidikan %(seen_level)s, di bawah syarat %(level)s."),
        _("Pilih pendidikan tertinggi yang sudah selesai, atau pilih skema lain."),
    ),
    **_value_with_paper("experience_min_years"),
    ("experience_min_years", "unanswered"): Text(
        _("Pengalaman kerja belum diisi."), _("Tulis lama pengalaman kerja Anda.")
    ),
    ("experience_min_years", "none_written"): Text(
        _("Belum ada pengalaman yang ditulis; syaratnya %(needed)s."), _("Tambahkan pengalaman pertama Anda.")
    ),
    ("experience_min_years", "too_short"): Text(
        _("Pengalaman %(duration)s, kurang %(missing)s dari syarat %(needed)s."),
        _("Tambahkan pengalaman lain, atau pilih skema lain."),
    ),
    ("experience_min_years", "field_unclear"): Text(
        _("Pengalaman %(duration)s; yang jelas sebidang baru %(in_field)s dari syarat %(needed)s."),
        _("Sebutkan bidang pada tiap pengalaman dan unggah %(document)s yang memuatnya; admin akan memeriksa."),
        _("Baca bidang kerja pada %(document)s. Bila sebidang, pilih sesuai."),
    ),
    ("declaration_accepted", "ok"): Text(_("Pernyataan sudah disetujui.")),
    ("declaration_accepted", "prepare"): Text(
        _("Pernyataan ini disetujui saat mendaftar."), _("Baca pernyataan ini ketika mendaftar.")
    ),
    ("declaration_accepted", "not_accepted"): Text(
        _("Pernyataan belum disetujui."), _("Baca lalu centang pernyataan pada bagian Pernyataan.")
    ),
    ("no_active_duplicate", "ok"): Text(_("Data identitas sudah diperiksa admin.")),
    # The same words with and without a duplicate: the answer must not tell who else is registered.
    ("no_active_duplicate", "duplicate_check"): Text(
        _("Admin memeriksa data identitas."),
        _("Tidak ada yang perlu Anda lakukan; admin memeriksa data identitas Anda."),
        _("Periksa KTP, lalu beri keputusan."),
    ),
    ("manual_check", "ok"): Text(_("Sudah diperiksa admin.")),
    ("manual_check", "staff_check"): Text(
        _("Menunggu pemeriksaan admin."),
        _("Tidak ada yang perlu Anda lakukan; admin memeriksa hal ini."),
        _("Jawab pertanyaan ini."),
    ),
    ("manual_check", "staff_refused"): Text(
        _("Menurut pemeriksaan admin, syarat ini belum terpenuhi."),
        _("Hubungi admin untuk mengetahui apa yang dapat dilengkapi."),
    ),
    ("all_of", "ok"): Text(_("Semua syarat di bawah ini terpenuhi.")),
    ("all_of", "parts_need_proof"): Text(
        _("%(met)s dari %(of)s syarat terpenuhi; sisanya perlu bukti."),
        _("Lengkapi bukti pada syarat di bawah ini."),
        _("Periksa bukti pada syarat di bawah ini."),
    ),
    ("all_of", "parts_not_met"): Text(
        _("%(met)s dari %(of)s syarat terpenuhi."), _("Lihat syarat di bawah ini yang belum terpenuhi.")
    ),
}

# Only for staff: a person is told nothing about other people's registrations.
DUPLICATE_SEEN = _("NIK ini ada pada pendaftaran aktif lain.")
DUPLICATE_STAFF = _("Bandingkan kedua pendaftaran, lalu tutup salah satunya.")

DIFFERENCES = {
    "birth_date_differs": _("tanggal lahir"),
    "sex_differs": _("jenis kelamin"),
    "province_unknown": _("kode provinsi"),
}
OTHER_DIFFERENCE = _("data lain")
