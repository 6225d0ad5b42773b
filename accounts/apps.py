from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import emails  # noqa: F401, PLC0415  (app ready: registers the renderers)
