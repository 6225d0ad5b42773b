"""Names on seats and hours of rounds, for templates."""

from django import template
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from assessments.models import RolePlay, Round
from assessments.selectors.plays import seat_name
from batches.wording import period_text

register = template.Library()


@register.filter
def seated(play: RolePlay, role: str) -> str:
    """Who plays this role, with commas; "" if nobody. No query when the seats are prefetched."""
    return ", ".join(seat_name(one) for one in play.seats.all() if one.role == role)


@register.filter
def day_and_hours(round_: Round, zone: str) -> str:
    """Senin, 3 Agustus 2026 pukul 08.45–09.30 WIB"""
    return period_text(_period(round_), zone)


def _period(round_: Round) -> DateTimeTZRange:
    return DateTimeTZRange(round_.started_at or round_.starts_at, round_.ended_at or round_.planned_end)
