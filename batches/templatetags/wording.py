"""Words and facts of schemes and batches for templates."""

from django import template

from batches import calendar, selectors, wording

register = template.Library()
register.filter("hours", wording.period_hours)
register.filter("span", wording.period_text)
register.filter("session_mark", calendar.mark_of)
register.filter("session_people", calendar.instructors_of)
register.filter("session_rooms", calendar.rooms_of)
register.filter("session_was", calendar.was_of)
register.filter("localized", wording.localized)
register.filter("session_kind", wording.session_kind)
register.filter("session_time", wording.session_time)
register.simple_tag(selectors.batch_facts)
register.simple_tag(selectors.scheme_facts)
