"""All addresses: Indonesian paths, English route names."""

from django.conf import settings
from django.urls import include, path

from core.gallery import components
from tot_portal import homes, operations, views, work

urlpatterns = [
    path("", views.home, name="home"),
    path("tentang/", views.about, name="about"),
    path("persiapan/", views.prepare, name="prepare"),
    path("bantuan/", views.help_page, name="help"),
    path("privasi/", views.privacy, name="privacy"),
    path("aksesibilitas/", views.accessibility, name="accessibility"),
    path("bahasa/", views.set_language, name="set_language"),
    path("tampilan/", views.set_theme, name="set_theme"),
    path("healthz/live", operations.health_live, name="health_live"),
    path("healthz/ready", operations.health_ready, name="health_ready"),
    path("metrics", operations.metrics, name="metrics"),
    path("operasi/", operations.operations, name="operations"),
    path("beranda/", homes.dashboard, name="dashboard"),
    path("beranda/peserta/", homes.participant_home, name="participant_home"),
    path("beranda/admin/", homes.admin_home, name="admin_home"),
    path("beranda/admin/pekerjaan/<str:kind>/", work.work_list, name="work_list"),
    path("beranda/asesor/", homes.assessor_home, name="assessor_home"),
    path("beranda/pimpinan/", homes.director_home, name="director_home"),
    path("beranda/auditor/", homes.auditor_home, name="auditor_home"),
    path("akun/", include("accounts.urls")),
    path("pengaturan/", include("accounts.settings_urls")),
    path("", include("notifications.urls")),
    path("", include("batches.urls")),
    path("", include("assessments.urls")),
    path("", include("certificates.urls")),
    path("", include("participants.urls")),
    path("", include("core.urls")),
]
if settings.DEMO:
    urlpatterns += [
        path("demo/", include("tot_portal.demo.urls")),
        path("dev/komponen/", components, name="component_gallery"),
    ]

handler400 = "tot_portal.views.bad_request"
handler403 = "tot_portal.views.permission_denied"
handler404 = "tot_portal.views.page_not_found"
handler500 = "tot_portal.views.server_error"
