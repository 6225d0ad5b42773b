"""Changed sessions tell the confirmed people, once it has been quiet for a minute (see batches.services.news)."""

from django.db import transaction
from django.db.models import QuerySet

from batches.news import changes_since
from batches.services import begin_telling, not_yet_told
from batches.states import SCHEDULED
from participants import emails
from participants.models import Registration
from participants.states import RegistrationStatus


def tell_schedule_changes() -> int:
    """Owes a mail to every confirmed person who has not heard the news; how many. Running it twice is once."""
    begin_telling()
    return sum(_tell(pk) for pk in _not_yet_told().order_by("pk").values_list("pk", flat=True))


def _not_yet_told() -> QuerySet[Registration]:
    return not_yet_told(Registration.objects.filter(status=RegistrationStatus.CONFIRMED), *SCHEDULED)


@transaction.atomic
def _tell(pk: int) -> int:
    """Whoever has the row tells; everybody else passes by."""
    free = _not_yet_told().select_for_update(no_key=True, skip_locked=True, of=("self",))
    registration = free.filter(pk=pk).select_related("batch", "person__user").first()
    if registration is None:
        return 0
    since = registration.told_schedule_version
    registration.told_schedule_version = registration.batch.schedule_told_version
    registration.save(update_fields=["told_schedule_version"])
    if not registration.person.user.is_active or not changes_since(registration.batch, since):
        return 0
    emails.tell_changes(registration, since=since)
    return 1
