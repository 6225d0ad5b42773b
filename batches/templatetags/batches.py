"""Words of the reference data for templates."""

from django import template

from batches import wording

register = template.Library()
register.filter("localized", wording.localized)
register.filter("session_kind", wording.session_kind)
register.filter("session_time", wording.session_time)
