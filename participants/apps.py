from django.apps import AppConfig


class ParticipantsConfig(AppConfig):
    name = "participants"

    def ready(self) -> None:
        from participants import acts, emails, reminder_emails, runners  # noqa: F401, PLC0415  (app ready: words, mail renderers, job runners)
