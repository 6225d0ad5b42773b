"""When a mail is tried again: by the kind of trouble, spread by the row, and for one day at most."""

import zlib
from datetime import datetime, timedelta

from core import clock
from notifications.models import Email, EmailEvent
from notifications.reasons import Pace, Reason, code_of
from notifications.states import EmailStatus

GIVE_UP_AFTER = timedelta(hours=24)  # since the mail was first tried; somebody's "kirim ulang" begins a new day
MOST_LOST = 5  # claims whose worker died; the mail is taken for the cause then
# minutes after the first, second … failure of this pace; the last one stands for all that follow
WAITS: dict[Pace, tuple[int, ...]] = {
    Pace.SOON: (1, 2, 5, 10, 30, 60),
    Pace.LATER: (15, 60, 120, 180, 240),
    Pace.ONCE: (30,),
}
SPREAD = 0.2  # up to a fifth longer


def next_try(email: Email, reason: Reason) -> datetime | None:
    """When to try again after a failure for this reason; None: never, or the day is over."""
    waits = WAITS.get(reason.pace)
    if waits is None:
        return None
    history = since_due(email)
    before = sum(
        event.status == EmailStatus.RETRYING and Reason(code_of(event.reason)).pace == reason.pace for event in history
    )
    if reason.pace == Pace.ONCE and before:
        return None
    minutes = waits[min(before, len(waits) - 1)]
    at = clock.now() + timedelta(minutes=minutes * (1 + SPREAD * _share(email)))
    first_tried = next((event.at for event in history if event.status == EmailStatus.SENDING), clock.now())
    return at if at <= first_tried + GIVE_UP_AFTER else None


def is_hopeless(email: Email) -> bool:
    """Whether the claim that was just lost is one too many."""
    lost = sum(code_of(event.reason) == "lost" for event in since_due(email))
    return lost + 1 >= MOST_LOST


def since_due(email: Email) -> list[EmailEvent]:
    """The history since the mail was put into the queue by an act: owed, released, or sent again by somebody."""
    events = list(email.events.all())
    starts = [
        place
        for place, event in enumerate(events)
        if event.status == EmailStatus.QUEUED and code_of(event.reason) != "lost"
    ]
    return events[starts[-1] :] if starts else events


def _share(email: Email) -> float:
    """0 to 1, the same for the same attempt of the same mail, so that mails of one moment do not come back at once."""
    return zlib.crc32(f"{email.code}:{email.attempts}".encode()) / 0xFFFFFFFF
