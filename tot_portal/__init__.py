"""The roof: wires the apps together, owns the home pages, the access table and the demo. Nobody imports it."""

from tot_portal.celery import app as celery_app

__all__ = ["celery_app"]
