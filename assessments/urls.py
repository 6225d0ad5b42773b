"""Addresses of assessments."""

from django.urls import URLPattern, URLResolver, path

from assessments.views import attendance, my_attendance

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
