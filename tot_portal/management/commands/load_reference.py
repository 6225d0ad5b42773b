"""manage.py load_reference: schemes, rules, agendas, document types, rubric and terms, as versions in force."""

from typing import Any

from django.core.management.base import BaseCommand

import accounts.reference
import assessments.reference
import batches.reference


class Command(BaseCommand):
    help = "Loads the shipped reference data; a changed text becomes a new version, an equal one changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        for module in (accounts.reference, batches.reference, assessments.reference):
            counts = module.load() or {}
            told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
            self.stdout.write(f"{module.__name__.split('.')[0]}: {told or 'loaded'}")
