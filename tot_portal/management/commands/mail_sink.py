"""The demo's mail server: takes every mail, keeps it as a file, sends nothing anywhere."""

import asyncio
import os
import signal
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import BaseCommand

from tot_portal.demo import mailbox

KEEP = 2_000
LARGEST = 20_000_000


class Command(BaseCommand):
    help = "Store each mail of the demo as a file in DEMO_MAIL_DIR (127.0.0.1, EMAIL_PORT)."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise ImproperlyConfigured("The mail sink belongs to the demo; production sends real mail.")
        ends = {signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # for the controller's thread too: only sigwait takes them
        controller = Controller(
            Sink(settings.DEMO_MAIL_DIR), hostname="127.0.0.1", port=settings.EMAIL_PORT, data_size_limit=LARGEST
        )
        controller.start()
        self.stdout.write(f"Taking mail on 127.0.0.1:{settings.EMAIL_PORT} for {settings.DEMO_MAIL_DIR}")
        try:
            signal.sigwait(ends)
        finally:
            controller.stop()


class Sink:
    """aiosmtpd's handler: a mail is safely on disk before the sender hears 250, or refused while the demo says so."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if mailbox.is_server_off(self.folder):
            return "421 4.3.2 Server is switched off in the demo"
        await asyncio.get_running_loop().run_in_executor(None, store, self.folder, bytes(envelope.content))
        return "250 Message accepted"


def store(folder: Path, content: bytes) -> Path:
    """Write one mail: complete under its final name or not there at all; the newest KEEP stay."""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{uuid.uuid4()}.eml"
    new = folder / f".{name}.new"
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.rename(folder / name)
    for old in sorted(folder.glob("*.eml"))[:-KEEP]:
        old.unlink(missing_ok=True)
    return folder / name
