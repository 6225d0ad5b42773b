"""What the desk's board asks of certificates."""

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Sum

from accounts.models import Lsp
from assessments.models import Appeal, Assessment, Attendance, Decision
from assessments.selectors.attendance import ALL_OF_IT
from assessments.states import COUNTS, Result
from batches.models import Session
from certificates.models import Certificate
from participants.models import Registration
from participants.states import SEATED


def ready_for_certificate(lsp: Lsp) -> list[Registration]:
    """Everybody whose issue checklist is met and who has no certificate in force, of all batches; one query.

    It answers what `batch_checklists` answers for one batch (a test holds them together), without reading classes.
    """
    if not lsp.signatories:
        return []
    attempts = Assessment.objects.live().filter(registration=OuterRef("pk")).order_by("-attempt")
    passed = Decision.objects.released().filter(assessment=OuterRef("latest_attempt"), result=Result.COMPETENT)
    appealed = Appeal.objects.open().filter(decision__assessment__registration=OuterRef("pk"))
    certified = Certificate.objects.live().filter(registration=OuterRef("pk"))
    people = Registration.objects.filter(status__in=SEATED, name_confirmed_at__isnull=False)
    people = people.annotate(latest_attempt=Subquery(attempts.values("pk")[:1])).filter(Exists(passed))
    people = people.filter(~Exists(appealed), ~Exists(certified)).annotate(
        countable_jp=Subquery(_countable_jp()), attended_jp=Subquery(_attended_jp()),
        asked=F("batch__scheme__settings__attendance__certificate_min_percent"),
    )  # fmt: skip
    rows = people.select_related("person", "batch").order_by("batch__starts_on", "batch", "person__full_name", "id")
    return [person for person in rows if _attended_enough(person)]


def unrendered() -> QuerySet[Certificate]:
    """Certificates without their file; those that were tried most stand first."""
    rows = Certificate.objects.unrendered().select_related("registration__batch", "registration__person")
    return rows.order_by("-render_attempts", "id")


def _countable_jp() -> QuerySet:
    sessions = Session.objects.countable().filter(batch=OuterRef("batch")).order_by().values("batch")
    return sessions.annotate(n=Sum("jp")).values("n")


def _attended_jp() -> QuerySet:
    marks = Attendance.objects.current().filter(registration=OuterRef("pk"), status__in=COUNTS)
    marks = marks.filter(session__cancelled_at=None, session__needs_attendance=True)
    return marks.order_by().values("registration").annotate(n=Sum("session__jp")).values("n")


def _attended_enough(person: Registration) -> bool:
    whole, asked = person.countable_jp or 0, ALL_OF_IT if person.asked is None else person.asked
    return not whole or (person.attended_jp or 0) * 100 // whole >= asked
