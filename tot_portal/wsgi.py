"""Entry of the web server (gunicorn tot_portal.wsgi)."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tot_portal.settings")

application = get_wsgi_application()
# Loaded before the first fork, the views are shared by all processes; frozen, no collector copies them by looking.
get_resolver().url_patterns  # noqa: B018  (reading it imports them)
gc.collect()
gc.freeze()
