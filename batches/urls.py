"""Addresses of batches. The desk comes before participants' pages of one batch: "kelola" is no code."""

from django.urls import path

from batches.views import calendar, desk, moves, planning, public, rooms, schedule, venues

app_name = "batches"
DESK = "angkatan/kelola/<str:code>/"
SCHEDULE = DESK + "jadwal/"
ROOMS = "pengaturan/tempat/<str:code>/ruang/"
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
    path(SCHEDULE, schedule.schedule, name="schedule"),
    path(SCHEDULE + "buat/", schedule.make_sessions, name="make_sessions"),
    path(SCHEDULE + "tambah/", schedule.add_session, name="add_session"),
    path(SCHEDULE + "<str:session>/ubah/", schedule.update_session, name="update_session"),
    path(SCHEDULE + "<str:session>/batalkan/", schedule.cancel_session, name="cancel_session"),
    path("angkatan/<str:code>/jadwal.ics", calendar.batch_ics, name="batch_ics"),
    path("jadwal/", calendar.month, name="calendar"),
    path("pengaturan/tempat/", venues.venue_list, name="venue_list"),
    path("pengaturan/tempat/baru/", venues.create_venue, name="create_venue"),
    path("pengaturan/tempat/<str:code>/", venues.update_venue, name="update_venue"),
    path(ROOMS + "baru/", rooms.create_room, name="venue_create_room"),
    path(ROOMS + "<str:room>/", rooms.update_room, name="venue_update_room"),
    path(ROOMS + "<str:room>/hapus/", rooms.delete_room, name="venue_delete_room"),
]
