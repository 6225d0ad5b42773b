"""Settings of the portal on the stage: those of production, but mail goes to the sink and nothing waits for minutes."""

import os

from tot_portal.settings import *  # noqa: F403  (all of them, but these)

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
EMAIL_BACKEND = "notifications.smtp.SmtpBackend"
EMAIL_HOST, EMAIL_PORT, EMAIL_USE_TLS = "127.0.0.1", int(os.environ["SINK_PORT"]), False
EMAIL_TIMEOUT = 5
ACCOUNT_REAUTHENTICATION_TIMEOUT = 24 * 3600  # a run may last longer than the quarter of an hour of a real sign-in
CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | {"visibility_timeout": 8}  # noqa: F405
CELERY_BEAT_SCHEDULE = {
    name: entry | {"schedule": 4}
    for name, entry in CELERY_BEAT_SCHEDULE.items()  # noqa: F405
    if ".sweep_" in entry["task"] and entry["schedule"] <= 60
}
