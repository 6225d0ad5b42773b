"""Addresses of the review desk; included by participants.urls."""

from django.urls import path

from participants import review_views as views

ONE = "pendaftaran/<str:code>/periksa-berkas/"
BATCH = "pendaftaran/angkatan/<str:code>/"

urlpatterns = [
    path("pendaftaran/", views.review_queue, name="review_queue"),
    path(BATCH, views.roster, name="roster"),
    path(BATCH + "konfirmasi/", views.confirm_all_eligible, name="confirm_all_eligible"),
    path(BATCH + "batalkan/", views.cancel_batch, name="cancel_batch"),
    path(ONE, views.review_registration, name="review_registration"),
    path(ONE + "mulai/", views.claim_for_review, name="claim_for_review"),
    path(ONE + "lepas/", views.release_claim, name="release_claim"),
    path(ONE + "semua-sesuai/", views.accept_all_documents, name="accept_all_documents"),
    path(ONE + "pertanyaan/<str:rule>/", views.answer_manual_check, name="answer_manual_check"),
    path(ONE + "memenuhi-syarat/", views.find_eligible, name="find_eligible"),
    path(ONE + "minta-perbaikan/", views.return_registration, name="return_registration"),
    path(ONE + "tidak-memenuhi-syarat/", views.reject_registration, name="reject_registration"),
    path(ONE + "terima-keberatan/", views.reopen_after_objection, name="reopen_after_objection"),
    path(ONE + "konfirmasi/", views.confirm_registration, name="confirm_registration"),
    path(ONE + "batalkan/", views.cancel_registration, name="cancel_registration"),
    path(ONE + "nomor-identitas/", views.reveal_identity, name="reveal_identity"),
    path("berkas/<str:code>/", views.review_document, name="review_document"),
    path("berkas/<str:code>/putusan/", views.judge_document, name="judge_document"),
]
