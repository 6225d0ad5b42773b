"""Mails to those who train and examine: what has changed on the timetable."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from batches.models import Assignment, Batch
from batches.news import changes_since
from batches.states import BatchStatus
from notifications.registry import Message, Variable, register
from notifications.rendering import render_templates
from notifications.services import queue_email

SCHEDULE_CHANGED = "schedule_changed"


def tell_changes(batch: Batch, person: User, *, since: int) -> None:
    """Owes the person one mail about all changes after version `since`, in the caller's transaction."""
    queue_email(SCHEDULE_CHANGED, to=person, batch_id=batch.pk, person_id=person.pk, since=since)


def render_changes(params: dict[str, Any], language: str) -> Message | None:
    """The changes as they stand now; None when none are left to tell, or the person left the batch meanwhile."""
    batch = Batch.objects.select_related("venue").filter(pk=params["batch_id"]).first()
    person = User.objects.filter(pk=params["person_id"]).first()
    if batch is None or person is None:
        return None
    duties = Assignment.objects.filter(batch=batch, person=person)
    serves = duties.filter(released_at=None).exists()
    changes = changes_since(batch, params["since"])
    if not changes or (not serves and _was_released(duties)):
        return None
    is_cancelled = batch.status == BatchStatus.CANCELLED
    context = {
        "batch": batch,
        "name": person.name,
        "changes": changes,
        "is_cancelled": is_cancelled,
        "subject_line": (_("%(batch)s dibatalkan") if is_cancelled else _("Jadwal %(batch)s berubah"))
        % {"batch": batch.name},
        "url": reverse("batches:schedule", args=[batch.code]) if serves else reverse("batches:calendar"),
    }
    return render_templates("batches/schedule_changed", context, language)


def _was_released(duties: QuerySet[Assignment]) -> bool:
    """Who never served is a guest, and hears also of the change that ends this."""
    return duties.exclude(released_at=None).exists()


register(
    SCHEDULE_CHANGED, render_changes, title=gettext_lazy("Jadwal berubah (petugas)"),
    variables={
        "nama": Variable(gettext_lazy("Nama penerima"), "name"),
        "angkatan": Variable(gettext_lazy("Nama angkatan"), "batch.name"),
    },
)  # fmt: skip
