from django import template

from batches import wording

register = template.Library()
register.filter("localized", wording.localized)
