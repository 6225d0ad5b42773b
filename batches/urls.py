"""Addresses of batches. The desk comes before participants' pages of one batch: "kelola" is no code."""

from django.urls import path

from batches.views import desk, moves, planning, public, venues

app_name = "batches"
DESK = "angkatan/kelola/<str:code>/"
urlpatterns = [
    path("angkatan/", public.batch_list, name="batch_list"),
    path("skema/", public.scheme_list, name="scheme_list"),
    path("angkatan/kelola/", desk.manage_list, name="manage_list"),
    path("angkatan/kelola/baru/", planning.create_batch, name="create_batch"),
    path(DESK, desk.manage_batch, name="manage_batch"),
    path(DESK + "ubah/", planning.update_batch, name="update_batch"),
    path(DESK + "petugas/", planning.assign_staff, name="assign_staff"),
    path(DESK + "surat-bnsp/", moves.submit_to_bnsp, name="submit_to_bnsp"),
    path(DESK + "persetujuan-bnsp/", moves.record_bnsp_approval, name="record_bnsp_approval"),
    path(DESK + "kembali-ke-draf/", moves.back_to_draft, name="back_to_draft"),
    path(DESK + "buka/", moves.open_batch, name="open_batch"),
    path(DESK + "tutup/", moves.close_registration, name="close_registration"),
    path(DESK + "buka-lagi/", moves.reopen_registration, name="reopen_registration"),
    path(DESK + "mulai/", moves.start_batch, name="start_batch"),
    path(DESK + "uji/", moves.start_examination, name="start_examination"),
    path(DESK + "arsip/", moves.archive_batch, name="archive_batch"),
    path("pengaturan/tempat/", venues.venue_list, name="venue_list"),
    path("pengaturan/tempat/baru/", venues.create_venue, name="create_venue"),
    path("pengaturan/tempat/<str:code>/", venues.update_venue, name="update_venue"),
]
