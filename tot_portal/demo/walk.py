"""The guided walk: the main job as steps, each with who acts and a link to where it is done."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from batches.models import Batch
from participants.models import Registration
from participants.states import RegistrationStatus


@dataclass(frozen=True)
class Step:
    """`role` enters the demo as that person first; None = everybody may open `url`."""

    title: str | Promise
    text: str | Promise
    role: Role | None
    url: str
    label: str | Promise


def steps() -> list[Step]:
    """From an opened batch to a confirmed seat."""
    batch = Batch.objects.accepting().order_by("starts_on").first()
    waiting = Registration.objects.filter(status=RegistrationStatus.SUBMITTED).order_by("submitted_at").first()
    batch_url = reverse("participants:batch_page", args=[batch.code]) if batch else reverse("batches:batch_list")
    review_url = (
        reverse("participants:review_registration", args=[waiting.code])
        if waiting
        else reverse("participants:review_queue")
    )
    return [
        Step(
            _("Admin membuka angkatan"),
            _("Pilih skema dan agenda, isi tanggal dan kursi, lalu buka pendaftaran."),
            Role.ADMIN, reverse("batches:create_batch"), _("Buat angkatan"),
        ),
        Step(
            _("Calon peserta memeriksa kelayakan"),
            _("Empat pertanyaan, tanpa akun. Tiap syarat dijelaskan."),
            None, reverse("participants:quick_check"), _("Periksa kelayakan"),
        ),
        Step(
            _("Peserta mendaftar"),
            _("Isi bagian demi bagian, unggah dokumen, lihat hasil tiap syarat, lalu kirim."),
            Role.PARTICIPANT, batch_url, _("Buka angkatan"),
        ),
        Step(
            _("Surat tiba"),
            _("Bukti pengiriman ada di kotak surat demo, dikirim lewat SMTP oleh proses latar."),
            None, reverse("demo:mail_list"), _("Buka kotak surat"),
        ),
        Step(
            _("Admin memeriksa berkas dan syarat"),
            _("Dokumen di kiri, syarat di kanan. Tandai sesuai, atau minta perbaikan dengan alasan."),
            Role.ADMIN, review_url, _("Periksa pendaftaran"),
        ),
        Step(
            _("Admin mengonfirmasi kursi"),
            _("Yang memenuhi syarat mendapat kursi. Bila penuh, ia masuk daftar tunggu dengan nomor urut."),
            Role.ADMIN, reverse("batches:manage_list"), _("Buka daftar angkatan"),
        ),
        Step(
            _("Peserta melihat keputusan"),
            _("Status, alasan, langkah berikutnya, batas waktu, dan siapa yang bertindak."),
            Role.PARTICIPANT, reverse("participant_home"), _("Buka pendaftaran saya"),
        ),
        Step(
            _("Jejak audit"),
            _("Setiap tindakan tercatat dan tidak dapat diubah."),
            Role.AUDITOR, reverse("audit_log"), _("Buka jejak audit"),
        ),
    ]  # fmt: skip
