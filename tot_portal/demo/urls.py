from django.urls import path

from tot_portal.demo import views

app_name = "demo"
urlpatterns = [
    path("masuk/<str:role>/", views.enter, name="enter"),
    path("surat/", views.mail_list, name="mail_list"),
    path("surat/server/", views.switch_mail_server, name="switch_mail_server"),
    path("surat/<str:name>/", views.mail_detail, name="mail_detail"),
    path("surat/<str:name>/isi/", views.mail_html, name="mail_html"),
    path("surat/<str:name>/lampiran/<int:number>/", views.mail_attachment, name="mail_attachment"),
    path("ikuti-alur/", views.follow, name="follow"),
]
