"""The outbox."""

import uuid

from django.conf import settings
from django.db import models

from core import clock
from core.versioned import Versioned
from notifications.states import DUE, MAY_RETRY, EmailStatus

SUBJECT_LENGTH = 250


class EmailQuerySet(models.QuerySet):
    def without_text(self) -> "EmailQuerySet":
        """For lists: texts are long, and never shown there."""
        return self.defer("body_text", "body_html")

    def due(self) -> "EmailQuerySet":
        """What a worker may send now."""
        return self.filter(status__in=DUE, not_before__lte=clock.now())

    def troubled(self) -> "EmailQuerySet":
        """What failed or is tried again."""
        return self.filter(status__in=MAY_RETRY)


class Email(models.Model):
    """One message owed to one address. The text is made when it is sent and then kept.

    Account mails (links to confirm or reset) arrive with their text and lose it once sent: `clear_after_sending`.
    """

    code = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # the Message-ID derives from it
    kind = models.CharField(max_length=60)  # names the renderer that the owning app registered
    params = models.JSONField(default=dict)  # ids only
    language = models.CharField(max_length=5)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    to_address = models.EmailField()
    subject = models.CharField(max_length=SUBJECT_LENGTH, blank=True)
    body_text = models.TextField(blank=True)
    body_html = models.TextField(blank=True)
    clear_after_sending = models.BooleanField(default=False)
    expires_at = models.DateTimeField(null=True, blank=True)  # of a one-time link: afterwards the mail helps nobody
    once_key = models.CharField(max_length=120, null=True, blank=True, unique=True)  # owed once, however often asked
    hold_group = models.CharField(max_length=60, blank=True)  # held mails that are released or discarded together
    held_text = models.TextField(blank=True)  # of such a mail, as it read when it was staged: for the comparison
    status = models.CharField(max_length=10, choices=EmailStatus, default=EmailStatus.QUEUED)
    not_before = models.DateTimeField(default=clock.now)
    attempts = models.PositiveIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    failure_reason = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)  # as a notice in the portal, by its recipient
    created_at = models.DateTimeField(default=clock.now)

    objects = EmailQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="email_sending_claimed",
                condition=~models.Q(status=EmailStatus.SENDING) | models.Q(claimed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="email_sent_stamped",
                condition=~models.Q(status=EmailStatus.SENT) | models.Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="email_failure_explained",
                condition=~models.Q(status=EmailStatus.FAILED) | ~models.Q(failure_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], name="email_due", condition=models.Q(status__in=DUE)),
            models.Index(fields=["kind", "-id"], name="email_kind"),
            models.Index(fields=["kind"], name="email_held", condition=models.Q(status=EmailStatus.HELD)),
            models.Index(fields=["claimed_at"], name="email_inflight", condition=models.Q(status=EmailStatus.SENDING)),
            models.Index(fields=["-id"], name="email_failures", condition=models.Q(status=EmailStatus.FAILED)),
            models.Index(fields=["recipient", "-id"], name="email_recipient"),
            models.Index(fields=["hold_group"], name="email_hold_group", condition=~models.Q(hold_group="")),
            models.Index(fields=["expires_at"], name="email_expiring", condition=models.Q(expires_at__isnull=False)),
            models.Index(fields=["recipient"], name="email_unread", condition=models.Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class EmailEvent(models.Model):
    """One step in the life of a mail: the state it came into, when, why, and who asked for it."""

    email = models.ForeignKey(Email, on_delete=models.CASCADE, related_name="events")
    status = models.CharField(max_length=10, choices=EmailStatus)
    reason = models.CharField(max_length=500, blank=True)  # as stored by notifications.reasons
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.email_id}: {self.status}"


class EmailWording(Versioned):
    """The LSP's own words in one kind of mail and one language; `code` is "<kind>.<language>".

    `content` has `subject`, `opening` and `closing`. Facts, deadlines and buttons between them stay the portal's.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
