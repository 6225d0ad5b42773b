"""Addresses of certificates and their public verification."""

from django.urls import path

from certificates.views import board, exports, names, own, public, register

app_name = "certificates"
urlpatterns = [
    # a participant's own
    path("pendaftaran/saya/<str:code>/sertifikat/", own.my_certificate, name="my_certificate"),
    path("pendaftaran/saya/<str:code>/sertifikat/nama/", names.confirm_name, name="confirm_name"),
    # the desk of a batch
    path("angkatan/kelola/<str:code>/sertifikat/", board.certificate_board, name="certificate_board"),
    path("angkatan/kelola/<str:code>/sertifikat/terbitkan/", board.issue_certificates, name="issue_certificates"),
    path("angkatan/kelola/<str:code>/sertifikat/kemajuan/", board.issue_progress, name="issue_progress"),
    # the register
    path("sertifikat/", register.certificate_list, name="certificate_list"),
    path("sertifikat/nama/<str:code>/", names.correct_name, name="correct_name"),
    path("sertifikat/daftar/unduh/", exports.export_register, name="export_register"),
    path("sertifikat/<str:code>/", register.certificate_detail, name="certificate_detail"),
    path("sertifikat/<str:code>/unduh/", own.download, name="download"),
    path("sertifikat/<str:code>/cabut/", register.revoke_certificate, name="revoke_certificate"),
    path("sertifikat/<str:code>/terbitkan-ulang/", register.reissue_certificate, name="reissue_certificate"),
    path("sertifikat/<str:code>/coba-lagi/", register.restart_rendering, name="restart_rendering"),
    # everybody
    path("verifikasi/", public.verify_search, name="verify_search"),
    path("verifikasi/<str:token>/", public.verify, name="verify"),
]
