"""The demo's post: what was owed in the past was told and delivered in the past."""

from batches.services import tell_schedule_changes as tell_staff
from notifications.services import deliver_within_transaction, sweep_outbox
from participants.services import tell_schedule_changes as tell_participants


def let_it_arrive() -> None:
    """Does at the story's moment what beat and worker do all the time."""
    tell_staff()
    tell_participants()
    for email_id in sweep_outbox():
        deliver_within_transaction(email_id)
