from django.urls import path

from core import views

app_name = "core"
urlpatterns = [
    path("proses/", views.job_list, name="job_list"),
    path("proses/<str:code>/", views.job_detail, name="job_detail"),
    path("proses/<str:code>/batalkan/", views.cancel_job, name="cancel_job"),
    path("proses/<str:code>/berkas/", views.job_result, name="job_result"),
    path("proses/<str:code>/ulangi/", views.retry_job, name="retry_job"),
]
