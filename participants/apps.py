from django.apps import AppConfig


class ParticipantsConfig(AppConfig):
    name = "participants"

    def ready(self) -> None:
        from participants import emails, runners  # noqa: F401, PLC0415  (app ready: mail renderers, job runners)
