"""Addresses of participants. Order counts: fixed words before codes."""

from django.urls import path, register_converter

from participants.states import Part
from participants.views import (
    decision_mails,
    documents,
    parts,
    public,
    registration,
    review,
    review_decisions,
    review_queue,
    roster,
    schedule,
)

SLUGS = {
    Part.TARGET: "bidang",
    Part.IDENTITY: "data-diri",
    Part.EDUCATION: "pendidikan",
    Part.EXPERIENCE: "pengalaman",
    Part.SELF_ASSESSMENT: "asesmen-mandiri",
    Part.DOCUMENTS: "dokumen",
    Part.DECLARATIONS: "pernyataan",
}
PARTS = {slug: part for part, slug in SLUGS.items()}


class PartConverter:
    """Indonesian words in the address, parts in code."""

    regex = "|".join(PARTS)

    def to_python(self, value: str) -> Part:
        return PARTS[value]

    def to_url(self, value: Part | str) -> str:
        return SLUGS[Part(value)]


register_converter(PartConverter, "part")

app_name = "participants"
MINE = "pendaftaran/saya/<str:code>/"
FILE = "pendaftaran/<str:code>/periksa-berkas/"
BATCH = "pendaftaran/angkatan/<str:code>/"
DECISIONS = "angkatan/kelola/<str:code>/surat-keputusan/"
urlpatterns = [
    path("kelayakan/", public.quick_check, name="quick_check"),
    path("kelayakan/<str:code>/", public.quick_check, name="quick_check_scheme"),
    path("skema/<str:code>/", public.scheme_page, name="scheme_page"),
    path("angkatan/<str:code>/", public.batch_page, name="batch_page"),
    path("angkatan/<str:code>/daftar/", registration.start_registration, name="start_registration"),
    path(MINE, registration.registration_detail, name="registration_detail"),
    path(MINE + "periksa/", registration.check_answers, name="check_answers"),
    path(MINE + "kirim/", registration.submit_registration, name="submit_registration"),
    path(MINE + "terkirim/", registration.receipt, name="receipt"),
    path(MINE + "jadwal/", schedule.my_schedule, name="my_schedule"),
    path("kalender/ganti-alamat/", schedule.replace_feed, name="replace_feed"),
    path("kalender/<str:token>.ics", schedule.calendar_feed, name="calendar_feed"),
    path(MINE + "tarik/", registration.withdraw_registration, name="withdraw_registration"),
    path(MINE + "dokumen/", documents.document_list, name="document_list"),
    path(MINE + "dokumen/<str:type>/", documents.edit_document, name="edit_document"),
    path(MINE + "dokumen/<str:type>/hapus/", documents.remove_document, name="remove_document"),
    path(MINE + "<part:part>/", parts.edit_part, name="edit_part"),
    path(MINE + "<part:part>/simpan/", parts.autosave_part, name="autosave_part"),
    path(MINE + "<part:part>/hasil/", parts.check_eligibility, name="check_eligibility"),
    path(DECISIONS, decision_mails.compare_decision_mails, name="decision_mails"),
    path(DECISIONS + "lepas/", decision_mails.release_decisions, name="release_decisions"),
    path(DECISIONS + "buang/", decision_mails.discard_decision_mails, name="discard_decision_mails"),
    path(DECISIONS + "<uuid:mail>/", decision_mails.decision_mail, name="decision_mail"),
    path("pendaftaran/", review_queue.review_queue, name="review_queue"),
    path(BATCH, roster.roster, name="roster"),
    path(BATCH + "konfirmasi/", roster.confirm_all_eligible, name="confirm_all_eligible"),
    path(BATCH + "batalkan/", roster.cancel_batch, name="cancel_batch"),
    path(FILE, review.review_registration, name="review_registration"),
    path(FILE + "mulai/", review.claim_for_review, name="claim_for_review"),
    path(FILE + "lepas/", review.release_claim, name="release_claim"),
    path(FILE + "semua-sesuai/", review.accept_all_documents, name="accept_all_documents"),
    path(FILE + "pertanyaan/<str:rule>/", review.answer_manual_check, name="answer_manual_check"),
    path(FILE + "memenuhi-syarat/", review_decisions.find_eligible, name="find_eligible"),
    path(FILE + "minta-perbaikan/", review_decisions.return_registration, name="return_registration"),
    path(FILE + "tidak-memenuhi-syarat/", review_decisions.reject_registration, name="reject_registration"),
    path(FILE + "terima-keberatan/", review_decisions.reopen_after_objection, name="reopen_after_objection"),
    path(FILE + "konfirmasi/", review_decisions.confirm_registration, name="confirm_registration"),
    path(FILE + "batalkan/", review_decisions.cancel_registration, name="cancel_registration"),
    path(FILE + "nomor-identitas/", review.reveal_identity, name="reveal_identity"),
    path("berkas/<str:code>/", review.review_document, name="review_document"),
    path("berkas/<str:code>/putusan/", review.judge_document, name="judge_document"),
]
