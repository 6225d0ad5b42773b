"""The first admin of a new installation; later ones are invited on the page for people and roles."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from accounts.roles import Role
from accounts.services import invite_staff
from accounts.services.invitations import invitation_path


class Command(BaseCommand):
    help = "Give somebody the admin role and a link, valid for 7 days, to set a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        user = invite_staff(email=email, name=name, roles=[Role.ADMIN], by=None)
        self.stdout.write(f"{user.email} is an admin. A mail is on its way; the same link:")
        self.stdout.write(settings.SITE_URL + invitation_path(user))
