from django.urls import path

from notifications import bulk_views, notice_views, views, wording_views

app_name = "notifications"
urlpatterns = [
    path("pemberitahuan/", notice_views.notice_list, name="notice_list"),
    path("pemberitahuan/baca-semua/", notice_views.read_all_notices, name="read_all_notices"),
    path("pemberitahuan/<uuid:code>/", notice_views.notice_detail, name="notice_detail"),
    path("pemberitahuan/<uuid:code>/buka/", notice_views.open_notice, name="open_notice"),
    path("surat/", views.email_list, name="email_list"),
    path("surat/kirim-ulang-semua/", bulk_views.retry_all, name="retry_all_emails"),
    path("surat/pilihan/", bulk_views.move_emails, name="move_emails"),
    path("surat/isi/", wording_views.wording_list, name="wording_list"),
    path("surat/isi/<str:kind>/<str:language>/", wording_views.wording_detail, name="wording_detail"),
    path("surat/isi/<str:kind>/<str:language>/kembali/", wording_views.use_portal_words, name="use_portal_words"),
    path("surat/isi/<str:kind>/<str:language>/pratinjau/", wording_views.wording_frame, name="wording_frame"),
    path("surat/isi/<str:kind>/<str:language>/simpan/", wording_views.save_wording, name="save_wording"),
    path("surat/isi/<str:kind>/<str:language>/uji/", wording_views.test_wording, name="test_wording"),
    path(
        "surat/isi/<str:kind>/<str:language>/versi/<int:version>/",
        wording_views.restore_wording,
        name="restore_wording",
    ),
    path("surat/uji/", views.send_test_email, name="send_test_email"),
    path("surat/<uuid:code>/", views.email_detail, name="email_detail"),
    path("surat/<uuid:code>/batalkan/", views.cancel_email, name="cancel_email"),
    path("surat/<uuid:code>/isi/", views.email_html, name="email_html"),
    path("surat/<uuid:code>/kirim-ulang/", views.retry_email, name="retry_email"),
]
