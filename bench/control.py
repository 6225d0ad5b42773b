"""The control of the race: the same confirmation without the batch's lock, through the same web server.

It shows that the race is really there. Only for the bench's own database, whose guards are taken away for it.
"""

from django.db import connection, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import path

from batches.models import Batch
from participants.models import Registration
from participants.services.seats import waitlist_key

GUARDS = [("participants_registration", "registration_seats_counted"), ("batches_batch", "batch_seats_counted")]


def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """Look, then write: what the service would be without the lock."""
    with transaction.atomic():
        registration = Registration.objects.get(code=code)
        batch = Batch.objects.get(pk=registration.batch_id)
        values = {"status": "confirmed"}
        if batch.seats_held >= batch.capacity:
            values = {"status": "waitlisted", "waitlist_key": waitlist_key(registration)}
        Registration.objects.filter(pk=registration.pk).update(**values)
        if values["status"] == "confirmed":
            Batch.objects.filter(pk=batch.pk).update(seats_held=F("seats_held") + 1)
    return HttpResponse("ok")


def take_guards_away() -> None:
    """The database's own guards would stop what the control lets through."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE batches_batch DROP CONSTRAINT batch_seats_within_capacity")
        for table, trigger in GUARDS:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


urlpatterns = [path("kontrol/<str:code>/", confirm)]
