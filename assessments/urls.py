"""Addresses of assessments."""

from django.urls import URLPattern, URLResolver, path

from assessments.views import (
    appeals,
    attempts,
    attendance,
    exports,
    independence,
    my_attendance,
    my_results,
    own_plays,
    records,
    releases,
    results,
    review_records,
    role_plays,
    rotation,
    run_sheet,
)

app_name = "assessments"
urlpatterns: list[URLPattern | URLResolver] = []

# --- attendance
ROLL_CALL = "angkatan/kelola/<str:code>/kehadiran/"
urlpatterns += [
    path(ROLL_CALL, attendance.attendance_board, name="attendance_board"),
    path(ROLL_CALL + "<str:session>/", attendance.attendance_session, name="attendance_session"),
    path(ROLL_CALL + "<str:session>/catat/", attendance.mark_attendance, name="mark_attendance"),
    path(ROLL_CALL + "<str:session>/lembar/", attendance.sign_in_sheet, name="sign_in_sheet"),
    path(ROLL_CALL + "<str:session>/susulan/<str:registration>/", attendance.approve_make_up, name="approve_make_up"),
    path("pendaftaran/saya/<str:code>/kehadiran/", my_attendance.my_attendance, name="my_attendance"),
]

# --- rotation; before records, because "tugas" is no code of a record
ROLE_PLAY, SHEET = "angkatan/kelola/<str:code>/role-play/", "role-play/rotasi/<str:code>/"
urlpatterns += [
    path(ROLE_PLAY, rotation.rotation_board, name="rotation_board"),
    path(ROLE_PLAY + "buat/", rotation.make_rotation, name="make_rotation"),
    path(ROLE_PLAY + "jalan/", run_sheet.run_sheet, name="run_sheet"),
    path(ROLE_PLAY + "uji-susulan/<str:registration>/", role_plays.plan_exam_play, name="plan_exam_play"),
    path(ROLE_PLAY + "ketidakberpihakan/", independence.independence, name="independence"),
    path(ROLE_PLAY + "ketidakberpihakan/hubungan/", independence.declare_relation, name="declare_relation"),
    path(ROLE_PLAY + "ketidakberpihakan/akhiri/", independence.end_relation, name="end_relation"),
    path(ROLE_PLAY + "ketidakberpihakan/pengecualian/", independence.grant_waiver, name="grant_waiver"),
    path(SHEET + "pakai/", rotation.publish_rotation, name="publish_rotation"),
    path(SHEET + "putaran/<int:number>/mulai/", run_sheet.start_round, name="start_round"),
    path(SHEET + "putaran/<int:number>/akhiri/", run_sheet.end_round, name="end_round"),
    path("role-play/permainan/<str:code>/", role_plays.arrange_play, name="arrange_play"),
    path("role-play/permainan/<str:code>/batal/", role_plays.cancel_play, name="cancel_play"),
    path("pendaftaran/saya/<str:code>/role-play/", own_plays.my_plays, name="my_plays"),
    path("penilaian/tugas/", own_plays.my_assignments, name="my_assignments"),
]

# --- results and appeals; before records, because "banding" is no code of a record
RESULTS, ATTEMPT, APPEAL = (
    "angkatan/kelola/<str:code>/hasil/",
    "penilaian/uji/<str:code>/",
    "penilaian/banding/<str:code>/",
)
urlpatterns += [
    path(RESULTS, results.result_board, name="result_board"),
    path(RESULTS + "tetapkan/", results.decide_results, name="decide_results"),
    path(RESULTS + "rilis/", releases.release_results, name="release_results"),
    path(RESULTS + "rilis/<str:decision>/", releases.result_mail, name="result_mail"),
    path("angkatan/kelola/<str:code>/selesaikan/", results.complete_batch, name="complete_batch"),
    path(ATTEMPT, attempts.assessment_detail, name="assessment_detail"),
    path(ATTEMPT + "kembalikan/", attempts.send_back, name="send_back"),
    path(ATTEMPT + "batalkan/", attempts.void_assessment, name="void_assessment"),
    path(ATTEMPT + "uji-ulang/", attempts.open_retake, name="open_retake"),
    path("pendaftaran/saya/<str:code>/hasil/", my_results.my_result, name="my_result"),
    path("penilaian/putusan/<str:code>/banding/", my_results.file_appeal, name="file_appeal"),
    path("penilaian/banding/", appeals.appeal_list, name="appeal_list"),
    path(APPEAL, appeals.appeal_detail, name="appeal_detail"),
    path(APPEAL + "cabut/", appeals.withdraw_appeal, name="withdraw_appeal"),
    path(APPEAL + "terima/", appeals.accept_appeal, name="accept_appeal"),
    path(APPEAL + "tolak/", appeals.reject_appeal, name="reject_appeal"),
    path(APPEAL + "panel/", appeals.appoint_panel, name="appoint_panel"),
    path(APPEAL + "putusan/", appeals.decide_appeal, name="decide_appeal"),
    path(APPEAL + "tutup/", appeals.close_appeal, name="close_appeal"),
]

# --- records; "role-play" is no code of a record
PLAY, RECORD = "penilaian/role-play/<str:code>/", "penilaian/<str:code>/"
urlpatterns += [
    path(PLAY + "mulai/", records.start_record, name="start_record"),
    path(PLAY + "keputusan-saya/", review_records.my_decision, name="my_decision"),
    path(RECORD, records.record_sheet, name="record_sheet"),
    path(RECORD + "nilai/", records.record_tap, name="record_tap"),
    path(RECORD + "metode/", records.set_methods, name="set_methods"),
    path(RECORD + "beda/", review_records.resolve_conflict, name="resolve_conflict"),
    path(RECORD + "periksa/", review_records.review_record, name="review_record"),
    path(RECORD + "asesi/", review_records.senior_decision, name="senior_decision"),
    path(RECORD + "hasil/", review_records.record_detail, name="record_detail"),
    path(RECORD + "koreksi/", records.correct_record, name="correct_record"),
    path(RECORD + "batal/", records.void_record, name="void_record"),
]

# --- lists
urlpatterns += [
    path("laporan/hasil/", exports.result_report, name="result_report"),
    path("laporan/hasil/unduh/", exports.export_all_results, name="export_all_results"),
    path("angkatan/kelola/<str:code>/hasil/unduh/", exports.export_results, name="export_results"),
]
