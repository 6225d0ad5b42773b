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
            self.stdout.write(f"{module.__name__.split('.')[0]}: {told(module.load())}")


def told(loaded: dict[str, int] | int) -> str:
    """How many of each kind there are, or how many texts are new."""
    if isinstance(loaded, int):
        return f"{loaded} new texts"
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in loaded.items())
