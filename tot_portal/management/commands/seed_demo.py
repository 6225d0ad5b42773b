"""manage.py seed_demo: fills an empty portal with the people of the demo, in one transaction."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import Lsp
from accounts.roles import Role
from accounts.services import update_lsp
from core import clock
from participants.states import RegistrationStatus
from tot_portal.demo import staff, story
from tot_portal.demo.cast import actors
from tot_portal.demo.people import BY_ROLE


class Command(BaseCommand):
    help = "Fills an empty portal with an invented LSP, its staff and about 60 participants."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing, silently, when there is data")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("seed_demo works in the demo only (TOT_DEMO=1).")
        if Lsp.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("The portal has data already. make reset starts anew.")
        with transaction.atomic():
            self._fill()

    def _fill(self) -> None:
        self.told = 0
        hired_at = story.days_ago(150)
        with clock.at(hired_at):
            people = staff.hire()
            staff.add_venues(people[Role.ADMIN][0])
        if not settings.DEMO_STORY:
            return
        with clock.at(hired_at):
            update_lsp({"hold_decisions": False}, by=people[Role.ADMIN][0])  # the story turns it on
        self.stdout.write("Demo: about 60 people register (once, about a minute)")
        cast = actors()
        siti = replace(next(cast), name=BY_ROLE[Role.PARTICIPANT].name, field="Pengelasan", position="Juru Las")
        stage = story.Stage(
            admin=people[Role.ADMIN][0], director=people[Role.DIRECTOR][0],
            siti=story.Siti(siti, people[Role.PARTICIPANT][0]), assessors=people[Role.ASSESSOR], actors=cast,
            tell=self._tell,
        )  # fmt: skip
        story.finished_batch(stage)
        story.running_batch(stage)
        story.full_batch(stage)
        story.open_batch(stage)
        if missing := set(RegistrationStatus.values) - story.states_shown():
            raise CommandError(f"The demo shows no registration that is {', '.join(sorted(missing))}.")

    def _tell(self, line: str) -> None:
        self.told += 1
        if self.told % 10 == 0:
            self.stdout.write(f"  {self.told} of {story.PEOPLE}: {line}")
            self.stdout.flush()
