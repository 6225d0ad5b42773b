"""Account pages: allauth's views under Indonesian addresses and allauth's route names, and ours beside them.

Pages that write rows and owe a mail run in one transaction, so that an account and its confirmation mail, or a
new password and the notice of it, exist together or not at all. Sign-in by mailed code is not offered.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as usersessions
from django.db import transaction
from django.urls import path, re_path

from accounts.views import own

whole = transaction.atomic
RESET_KEY = r"^kata-sandi/atur-ulang/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$"

urlpatterns = [
    path("profil/", own.profile, name="profile"),
    path("undangan/<str:token>/", own.accept_invitation, name="accept_invitation"),
    path("masuk/", whole(account.login), name="account_login"),
    path("keluar/", account.logout, name="account_logout"),
    path("nonaktif/", account.account_inactive, name="account_inactive"),
    path("daftar/", whole(account.signup), name="account_signup"),
    path("pastikan/", account.reauthenticate, name="account_reauthenticate"),
    # address
    path("email/", whole(account.email), name="account_email"),
    path("email/konfirmasi/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^email/konfirmasi/(?P<key>[-:\w]+)/$", whole(account.confirm_email), name="account_confirm_email"),
    # password
    path("kata-sandi/ganti/", whole(account.password_change), name="account_change_password"),
    path("kata-sandi/buat/", whole(account.password_set), name="account_set_password"),
    path("kata-sandi/lupa/", whole(account.password_reset), name="account_reset_password"),
    path("kata-sandi/lupa/terkirim/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "kata-sandi/atur-ulang/selesai/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(RESET_KEY, whole(account.password_reset_from_key), name="account_reset_password_from_key"),
    # second factor
    path("dua-langkah/", mfa.index, name="mfa_index"),
    path("dua-langkah/masuk/", mfa.authenticate, name="mfa_authenticate"),
    path("dua-langkah/pastikan/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("dua-langkah/aplikasi/pasang/", whole(totp.activate_totp), name="mfa_activate_totp"),
    path("dua-langkah/aplikasi/lepas/", whole(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("dua-langkah/kode/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("dua-langkah/kode/baru/", whole(recovery_codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("dua-langkah/kode/unduh/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("dua-langkah/kunci/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("dua-langkah/kunci/tambah/", whole(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("dua-langkah/kunci/masuk/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("dua-langkah/kunci/pastikan/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("dua-langkah/kunci/<int:pk>/ubah/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("dua-langkah/kunci/<int:pk>/lepas/", whole(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("perangkat/", usersessions.list_usersessions, name="usersessions_list"),
]
