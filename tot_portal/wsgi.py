"""Entry of the web server (gunicorn tot_portal.wsgi)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tot_portal.settings")

application = get_wsgi_application()
