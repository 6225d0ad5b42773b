"""The outside world: an SMTP server that writes each mail to a file before its sender hears 250, and has bad days."""

import asyncio
import json
import os
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from tests.faults.naive import DOMAIN
from tot_portal.embedded import free_port

SLOW_SECONDS = 1.5
REFUSALS = {"busy": "451 4.3.0 Try again later", "refusing": "550 5.1.1 Mailbox unavailable"}


class Sink:
    """`mood` says how it behaves: well, slow, busy, refusing, deaf (hangs up before it has kept the mail), forgetful
    (hangs up after it has kept it, without a word)."""

    def __init__(self, folder: Path) -> None:
        self.mood = "well"
        self.port = free_port()
        self.kept: Counter[str] = Counter()  # by Message-ID
        self.naive: Counter[str] = Counter()  # by address
        self.met: Counter[str] = Counter()  # mails of the portal that felt it, by mood
        self.file = (folder / "mails.jsonl").open("a")
        self.controller: Controller | None = None

    def open(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def close(self) -> None:
        """From now on nobody answers at the port."""
        if self.controller:
            self.controller.stop()
            self.controller = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list) -> str:
        if self.mood in REFUSALS:
            self.meet(self.mood, address)
            return REFUSALS[self.mood]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mood = self.mood
        self.meet(mood, envelope.rcpt_tos[0])
        if mood == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        if mood != "deaf":
            self.keep(envelope.content, envelope.rcpt_tos[0])
        if mood in {"deaf", "forgetful"}:
            server.transport.abort()
        return "250 OK"

    def meet(self, mood: str, address: str) -> None:
        self.met[mood] += not address.endswith(DOMAIN)

    def keep(self, content: bytes, address: str) -> None:
        message_id = str(message_from_bytes(content, policy=policy.default)["Message-ID"])
        self.file.write(json.dumps({"id": message_id, "to": address}) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())
        if address.endswith(DOMAIN):
            self.naive[address] += 1
        else:
            self.kept[message_id] += 1
