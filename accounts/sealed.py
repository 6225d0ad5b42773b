"""Secrets of second factors: sealed inside allauth's JSON, and moved to the newest key like every sealed value."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from core import crypto, rotation

BOUND_TO = "mfa_authenticator.data"
SECRETS = ("secret", "seed")  # of an authenticator app, of recovery codes


def reseal(data: dict[str, Any]) -> dict[str, Any]:
    """The same data with its secrets under the newest key."""
    old = {key: data[key] for key in SECRETS if data.get(key) and crypto.needs_rotation(data[key])}
    return data | {key: crypto.seal(crypto.unseal(token, BOUND_TO), BOUND_TO) for key, token in old.items()}


def is_old(data: dict[str, Any]) -> bool:
    return any(data.get(key) and crypto.needs_rotation(data[key]) for key in SECRETS)


@transaction.atomic
def reseal_factors(after: int) -> tuple[int, int | None]:
    """Seals the next batch anew; says how many, and the last id (None at the end)."""
    rows = Authenticator.objects.filter(pk__gt=after).order_by("pk").select_for_update(skip_locked=True, no_key=True)
    batch, done = list(rows[: rotation.BATCH]), 0
    for factor in batch:
        if not is_old(factor.data):
            continue
        try:
            factor.data = reseal(factor.data)
        except crypto.CannotUnseal:
            continue  # counted as left over
        factor.save(update_fields=["data"])
        done += 1
    return done, batch[-1].pk if batch else None


def old_factors() -> int:
    return sum(is_old(data) for data in Authenticator.objects.values_list("data", flat=True).iterator())


rotation.elsewhere.append(rotation.Elsewhere("mfa_authenticator.data", reseal_factors, old_factors))
