from django.apps import AppConfig


class BatchesConfig(AppConfig):
    name = "batches"

    def ready(self) -> None:
        from batches import acts, emails  # noqa: F401, PLC0415  (app ready: registers words and mail renderers)
