from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments import acts, emails, reminder_emails, runners  # noqa: F401, PLC0415  (app ready: words, mails, jobs)
