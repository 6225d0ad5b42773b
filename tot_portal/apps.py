from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "tot_portal"
