from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"

    def ready(self) -> None:
        from certificates import acts, emails, receivers, runners  # noqa: F401, PLC0415  (app ready: words, mails, jobs)
