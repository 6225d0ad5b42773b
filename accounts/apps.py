from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import acts, emails, receivers, sealed  # noqa: F401, PLC0415  (app ready: registers words and mails)
