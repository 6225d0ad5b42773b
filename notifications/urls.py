from django.urls import path

from notifications.views import bulk, notices, outbox, wording

app_name = "notifications"
urlpatterns = [
    path("pemberitahuan/", notices.notice_list, name="notice_list"),
    path("pemberitahuan/baca-semua/", notices.read_all_notices, name="read_all_notices"),
    path("pemberitahuan/<uuid:code>/", notices.notice_detail, name="notice_detail"),
    path("pemberitahuan/<uuid:code>/buka/", notices.open_notice, name="open_notice"),
    path("surat/", outbox.email_list, name="email_list"),
    path("surat/kirim-ulang-semua/", bulk.retry_all, name="retry_all_emails"),
    path("surat/pilihan/", bulk.move_emails, name="move_emails"),
    path("surat/isi/", wording.wording_list, name="wording_list"),
    path("surat/isi/<str:kind>/<str:language>/", wording.wording_detail, name="wording_detail"),
    path("surat/isi/<str:kind>/<str:language>/kembali/", wording.use_portal_words, name="use_portal_words"),
    path("surat/isi/<str:kind>/<str:language>/pratinjau/", wording.wording_frame, name="wording_frame"),
    path("surat/isi/<str:kind>/<str:language>/simpan/", wording.save_wording, name="save_wording"),
    path("surat/isi/<str:kind>/<str:language>/uji/", wording.send_wording_test, name="send_wording_test"),
    path(
        "surat/isi/<str:kind>/<str:language>/versi/<int:version>/",
        wording.restore_wording,
        name="restore_wording",
    ),
    path("surat/uji/", outbox.send_test_email, name="send_test_email"),
    path("surat/<uuid:code>/", outbox.email_detail, name="email_detail"),
    path("surat/<uuid:code>/batalkan/", outbox.cancel_email, name="cancel_email"),
    path("surat/<uuid:code>/isi/", outbox.email_html, name="email_html"),
    path("surat/<uuid:code>/kirim-ulang/", outbox.retry_email, name="retry_email"),
]
