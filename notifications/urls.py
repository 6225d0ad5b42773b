from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("surat/", views.email_list, name="email_list"),
    path("surat/<uuid:code>/", views.email_detail, name="email_detail"),
    path("surat/<uuid:code>/kirim-ulang/", views.retry_email, name="retry_email"),
]
