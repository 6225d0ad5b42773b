"""What the desk's board asks of certificates."""

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from accounts.models import Lsp
from assessments.models import Appeal, Assessment, Decision
from assessments.selectors.attendance import ALL_OF_IT
from assessments.selectors.board import attendance_percent, with_attendance
from assessments.states import Result
from certificates.models import Certificate
from participants.models import Registration
from participants.states import SEATED


def ready_for_certificate(lsp: Lsp) -> list[Registration]:
    """Everybody whose issue checklist is met and who has no certificate in force, of all batches; one query.

    It answers what `batch_checklists` answers for one batch (a test holds them together), without reading classes. So
    it does not look whether the paper can be printed: that would cost a query more than the list of these people has
    left. The board of the class says it.
    """
    if not lsp.signatories:
        return []
    attempts = Assessment.objects.live().filter(registration=OuterRef("pk")).order_by("-attempt")
    passed = Decision.objects.released().filter(assessment=OuterRef("latest_attempt"), result=Result.COMPETENT)
    appealed = Appeal.objects.open().filter(decision__assessment__registration=OuterRef("pk"))
    certified = Certificate.objects.live().filter(registration=OuterRef("pk"))
    people = Registration.objects.filter(status__in=SEATED, name_confirmed_at__isnull=False)
    people = people.annotate(latest_attempt=Subquery(attempts.values("pk")[:1])).filter(Exists(passed))
    people = with_attendance(people.filter(~Exists(appealed), ~Exists(certified)))
    people = people.annotate(asked=F("batch__scheme__settings__attendance__certificate_min_percent"))
    rows = people.select_related("person", "batch").order_by("batch__starts_on", "batch", "person__full_name", "id")
    return [person for person in rows if _attended_enough(person)]


def unrendered() -> QuerySet[Certificate]:
    """Certificates without their file; those that were tried most stand first."""
    rows = Certificate.objects.unrendered().select_related("registration__batch", "registration__person")
    return rows.order_by("-render_attempts", "id")


def _attended_enough(person: Registration) -> bool:
    return attendance_percent(person) >= (ALL_OF_IT if person.asked is None else person.asked)
