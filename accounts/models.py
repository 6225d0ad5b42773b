"""Users, role grants, the LSP's settings, and the consents that people gave."""

from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.roles import STAFF, Role
from core import clock
from core.codes import CodeField
from core.models import StoredFile, both_or_neither
from core.versioned import Versioned

ZONES = [("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")]


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """A user with a lower-case address; no password means that none opens the account yet."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def with_role(self, role: Role) -> models.QuerySet["User"]:
        """Active users who hold `role` today."""
        return self.filter(is_active=True, role_grants__in=RoleGrant.objects.live().filter(role=role)).distinct()

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser):
    """One person who can sign in."""

    code = CodeField()
    email = models.EmailField(unique=True)
    name = models.CharField(_("nama"), max_length=120, blank=True)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="id")
    is_active = models.BooleanField(default=True)
    feed_version = models.PositiveIntegerField(default=1)  # counts up when the address of the calendar is replaced
    date_joined = models.DateTimeField(default=clock.now)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(name="user_email_lowercase", condition=models.Q(email=Lower("email"))),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Roles held today; every active person is a participant. One query per request."""
        live = RoleGrant.objects.live().filter(user=self).values_list("role", flat=True)
        return frozenset({Role.PARTICIPANT, *(Role(role) for role in live)})

    @property
    def is_staff_member(self) -> bool:
        """Holds any role besides participant."""
        return bool(self.roles & STAFF)

    @property
    def may_word_mails(self) -> bool:
        """May put the LSP's own words in mails; others who see them only read."""
        return Role.ADMIN in self.roles

    @property
    def oversees_jobs(self) -> bool:
        """Sees, stops and retries everybody's background jobs; their files stay with the owners."""
        return Role.ADMIN in self.roles


class RoleGrantQuerySet(models.QuerySet):
    def live(self) -> Self:
        """Neither revoked nor past its last day."""
        today = clock.today()
        return self.filter(revoked_at=None).filter(models.Q(expires_on=None) | models.Q(expires_on__gte=today))


class RoleGrant(models.Model):
    """A user holds a staff role, from the grant to its last day or its revocation."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=12, choices=[(role.value, role.label) for role in Role if role in STAFF])
    expires_on = models.DateField(null=True, blank=True)  # last day, inclusive
    granted_at = models.DateTimeField(default=clock.now)
    granted_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )  # null: set up by command
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=models.Q(revoked_at=None), name="rolegrant_once_while_live"
            ),
            both_or_neither("revoked", "rolegrant"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Lsp(models.Model):
    """The certification body that this installation serves: its identity and its own thresholds. One row."""

    class Kind(models.TextChoices):
        P1 = "P1", _("P1 (lembaga pendidikan atau pelatihan)")
        P2 = "P2", _("P2 (industri)")
        P3 = "P3", _("P3 (profesi)")

    name = models.CharField(_("nama LSP"), max_length=150)
    short_name = models.CharField(_("nama singkat"), max_length=40)
    kind = models.CharField(_("jenis LSP"), max_length=2, choices=Kind, default=Kind.P3)
    licence_number = models.CharField(_("nomor lisensi BNSP"), max_length=60, blank=True)
    address = models.CharField(_("alamat"), max_length=250, blank=True)
    phone = models.CharField(_("telepon"), max_length=40, blank=True)
    email = models.EmailField(_("email"), blank=True)
    office_hours = models.CharField(_("jam layanan"), max_length=120, blank=True)
    logo = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    time_zone = models.CharField(_("zona waktu"), max_length=20, choices=ZONES, default="Asia/Jakarta")
    signatories = models.JSONField(default=list)  # [{name, title, number}], in the order of signing
    review_working_days = models.PositiveSmallIntegerField(default=5)  # promise to a participant who has sent
    return_days = models.PositiveSmallIntegerField(default=7)  # calendar days to mend a returned application
    uses_bnsp_approval = models.BooleanField(default=True)  # off: a batch opens without letter and approval
    bnsp_lead_working_days = models.PositiveSmallIntegerField(default=20)
    certificate_code = models.CharField(max_length=20, default="LSP")  # stands for the LSP in certificate numbers
    appeal_working_days = models.PositiveSmallIntegerField(default=7)  # to file an appeal after the release
    appeal_answer_working_days = models.PositiveSmallIntegerField(default=14)  # promise to who has filed one
    hold_decisions = models.BooleanField(default=True)  # mails about decisions wait until a batch's are released
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(name="lsp_single_row", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return self.name

    @property
    def logo_url(self) -> str:
        """Address of the public logo, with a mark that changes with the picture; '' without one."""
        return f"{reverse('lsp_logo')}?v={str(self.logo.code)[:8]}" if self.logo_id else ""

    @classmethod
    def current(cls) -> "Lsp":
        """The one row; an unsaved one with neutral words while nobody has filled it in."""
        return cls.objects.select_related("logo").filter(pk=1).first() or cls(pk=1, name="LSP", short_name="LSP")


class ConsentTerm(Versioned):
    """The text of one notice or declaration; content = {"id": text, "en": text, "kind": "notice"|"declaration"}."""


class Consent(models.Model):
    """A person accepted one version of one term; the proof that the law asks for."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consents")
    term = models.ForeignKey(ConsentTerm, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=60, blank=True)  # "" or "registration:<code>"; outlives that row
    language = models.CharField(max_length=5)
    ip = models.GenericIPAddressField(null=True)
    accepted_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "term", "about"],
                condition=models.Q(withdrawn_at=None),
                name="consent_once_while_live",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.term_id} {self.about}"
