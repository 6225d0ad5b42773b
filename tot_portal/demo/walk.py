"""The guided walk: the main job as steps, each with who acts and a link to where it is done."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from batches.models import Batch
from batches.states import BatchStatus
from certificates.models import Certificate
from participants.models import Registration
from participants.states import RegistrationStatus
from tot_portal.demo.people import BY_ROLE


@dataclass(frozen=True)
class Step:
    """`role` enters the demo as that person first; None = everybody may open `url`."""

    title: str | Promise
    text: str | Promise
    role: Role | None
    url: str
    label: str | Promise


def steps() -> list[Step]:
    """The main job: from an opened batch to a certificate that anyone verifies."""
    return [*_to_the_seat(), *_through_the_class(), *_to_the_certificate()]


def _to_the_seat() -> list[Step]:
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
            _("Admin melepas surat keputusan"),
            _("Keputusan langsung tampil di halaman peserta; suratnya ditahan, dibandingkan, lalu dilepas bersama."),
            Role.ADMIN, _page("participants:decision_mails", batch), _("Buka surat keputusan"),
        ),
    ]  # fmt: skip


def _through_the_class() -> list[Step]:
    running = _latest(BatchStatus.EXAMINING, BatchStatus.RUNNING)
    mine = _registration_of_the_participant(running)
    return [
        Step(
            _("Admin menyusun jadwal"),
            _("Sesi dibuat dari agenda. Seorang pengajar atau ruang tidak dapat berada di dua tempat."),
            Role.ADMIN, _page("batches:schedule", running), _("Buka jadwal"),
        ),
        Step(
            _("Admin mencatat kehadiran"),
            _("Semua hadir kecuali yang ditandai. Susulan disetujui dengan alasan."),
            Role.ADMIN, _page("assessments:attendance_board", running), _("Buka kehadiran"),
        ),
        Step(
            _("Role play berputar"),
            _("Setiap peserta memerankan asesor dan asesi. Lembar putaran menunjukkan pasangan, ruang, dan waktu."),
            Role.ASSESSOR, _page("assessments:run_sheet", running, "assessor_home"), _("Buka lembar putaran"),
        ),
        Step(
            _("Asesor senior merekam uji"),
            _("Ketuk Ya atau Tidak untuk tiap kriteria. Setiap ketukan langsung tersimpan."),
            Role.ASSESSOR, reverse("assessments:my_assignments"), _("Buka tugas menilai"),
        ),
        Step(
            _("Peserta melihat kelasnya"),
            _("Jadwal, kehadiran, role play, dan langganan kalender."),
            Role.PARTICIPANT, _page("participants:my_schedule", mine, "participant_home"), _("Buka jadwal saya"),
        ),
    ]  # fmt: skip


def _to_the_certificate() -> list[Step]:
    running, finished = _latest(BatchStatus.EXAMINING, BatchStatus.RUNNING), _latest(BatchStatus.COMPLETED)
    mine = _registration_of_the_participant(finished)
    paper = Certificate.objects.live().filter(registration=mine).first() if mine else None
    verify = reverse("certificates:verify", args=[paper.token]) if paper else reverse("certificates:verify_search")
    return [
        Step(
            _("Pimpinan menetapkan hasil"),
            _("Rekomendasi dengan alasannya per unit. Yang menguji tidak menetapkan. Hasil dirilis bersama."),
            Role.DIRECTOR, _page("assessments:result_board", running), _("Buka hasil"),
        ),
        Step(
            _("Pimpinan menerbitkan sertifikat"),
            _("Hanya yang semua syaratnya hijau. Nomor berurut tanpa celah; berkas dibuat di latar belakang."),
            Role.DIRECTOR, _page("certificates:certificate_board", running), _("Buka sertifikat"),
        ),
        Step(
            _("Peserta membaca hasil dan mengunduh sertifikat"),
            _("Hasil per unit dengan alasannya, hak banding, lalu sertifikatnya."),
            Role.PARTICIPANT, _page("certificates:my_certificate", mine, "participant_home"), _("Buka sertifikat saya"),
        ),
        Step(
            _("Siapa pun memeriksa keasliannya"),
            _("Kode QR membuka halaman ini: semua yang tercetak, dan apakah masih berlaku."),
            None, verify, _("Periksa sertifikat"),
        ),
        Step(
            _("Jejak audit"),
            _("Setiap tindakan tercatat dan tidak dapat diubah."),
            Role.AUDITOR, reverse("audit_log"), _("Buka jejak audit"),
        ),
    ]  # fmt: skip


def _latest(*statuses: BatchStatus) -> Batch | None:
    return Batch.objects.filter(status__in=statuses).order_by("-starts_on").first()


def _registration_of_the_participant(batch: Batch | None) -> Registration | None:
    email = BY_ROLE[Role.PARTICIPANT].email
    return Registration.objects.filter(batch=batch, person__user__email=email).first() if batch else None


def _page(route: str, of: Batch | Registration | None, otherwise: str = "batches:manage_list") -> str:
    """The page of that batch or registration; the list where there is none."""
    return reverse(route, args=[of.code]) if of else reverse(otherwise)
