"""Settings of the worker that is killed: as in production, but mail goes to the test's sink and nothing waits long."""

import os

from tot_portal.settings_test import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT, EMAIL_USE_TLS = "127.0.0.1", int(os.environ["SINK_PORT"]), False
CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | {"visibility_timeout": 3}  # noqa: F405
