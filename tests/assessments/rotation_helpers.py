"""Classes that plan role plays, and the shortest way to a rotation."""

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db.models import F

from assessments import services
from assessments.models import RolePlay
from assessments.states import Mode
from batches.models import Batch
from participants.models import Registration
from tests.factories.batches import make_planner

METHODS = ["OBS", "WAW"]


def practice(batch, **changes):
    settings = {"mode": Mode.FORMATIVE, "minutes": 45, "methods": METHODS, "by": make_planner()}
    return services.make_rotation(batch, **settings | changes)


def exam(batch, **changes):
    return practice(batch, **{"mode": Mode.SUMMATIVE, "minutes": 30} | changes)


def plays_of_rotation(rotation):
    return list(RolePlay.objects.filter(round__rotation=rotation).order_by("round__number", "group"))


def leave(registration):
    """The person gives the seat back, made as rows: services refuse it while a class runs."""
    Registration.objects.filter(pk=registration.pk).update(status="cancelled", reason="Pindah")
    Batch.objects.filter(pk=registration.batch_id).update(seats_held=F("seats_held") - 1)


def second_factor(user):
    """The person with a second factor, without which staff come no further than the page that asks for it."""
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return user
