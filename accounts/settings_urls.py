"""What the LSP sets for itself (under /pengaturan/)."""

from django.urls import path

from accounts.views import audit, lsp, people

urlpatterns = [
    path("pengguna/", people.user_list, name="user_list"),
    path("pengguna/undang/", people.invite_user, name="invite_user"),
    path("pengguna/<str:code>/", people.user_detail, name="user_detail"),
    path("pengguna/<str:code>/peran/", people.grant_role, name="grant_role"),
    path("pengguna/<str:code>/peran/<str:role>/cabut/", people.revoke_role, name="revoke_role"),
    path("pengguna/<str:code>/nonaktifkan/", people.deactivate_user, name="deactivate_user"),
    path("pengguna/<str:code>/aktifkan/", people.reactivate_user, name="reactivate_user"),
    path("pengguna/<str:code>/hapus-dua-langkah/", people.reset_second_factor, name="reset_second_factor"),
    path("lsp/", lsp.lsp_settings, name="lsp_settings"),
    path("lsp/logo/", lsp.lsp_logo, name="lsp_logo"),
    path("jejak/", audit.audit_log, name="audit_log"),
]
