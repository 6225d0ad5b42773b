"""Mails about a registration. One template says what `what_now` says, so page and mail never differ."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Lsp
from batches.news import changes_since
from notifications.registry import Message, Variable, register, register_groups
from notifications.rendering import render_templates
from notifications.services import queue_email
from participants.models import Registration, RegistrationEvent
from participants.selectors.decision_mails import DECISIONS, PREFIX, decision_group
from participants.selectors.next_step import what_now
from participants.selectors.waiting import place_waiting
from participants.states import RegistrationStatus as S

# kind -> (subject with its number, title in the outbox); kinds that ask for an act are marked in the subject
KINDS: dict[str, tuple[str | Promise, str | Promise]] = {
    "registration_submitted": (_("Pendaftaran %(number)s sudah kami terima"), _("Pendaftaran diterima")),
    "registration_returned": (_("Perbaiki pendaftaran %(number)s"), _("Pendaftaran perlu perbaikan")),
    "registration_eligible": (_("Anda memenuhi syarat (%(number)s)"), _("Memenuhi syarat")),
    "registration_confirmed": (_("Kursi Anda terkonfirmasi (%(number)s)"), _("Kursi terkonfirmasi")),
    "registration_waitlisted": (_("Anda masuk daftar tunggu (%(number)s)"), _("Masuk daftar tunggu")),
    "registration_promoted": (
        _("Ada kursi untuk Anda: pendaftaran %(number)s terkonfirmasi"), _("Naik dari daftar tunggu"),
    ),
    "registration_rejected": (_("Hasil pemeriksaan pendaftaran %(number)s"), _("Tidak memenuhi syarat")),
    "registration_reopened": (_("Keberatan Anda diterima (%(number)s)"), _("Keberatan diterima")),
    "registration_withdrawn": (_("Pendaftaran %(number)s sudah ditarik"), _("Pendaftaran ditarik")),
    "registration_cancelled": (_("Pendaftaran %(number)s dibatalkan"), _("Pendaftaran dibatalkan LSP")),
    "registration_completed": (_("Pelatihan Anda selesai (%(number)s)"), _("Pelatihan selesai")),
}  # fmt: skip
MY_SCHEDULE_CHANGED = "my_schedule_changed"
VARIABLES = {  # of the LSP's own words
    "nama": Variable(_("Nama penerima"), "name"),
    "angkatan": Variable(_("Nama angkatan"), "batch.name"),
    "nomor": Variable(_("Nomor pendaftaran"), "registration.number"),
}
ASKS_FOR_AN_ACT = frozenset({"registration_returned"})
AT_THE_DESK = (S.SUBMITTED, S.IN_REVIEW)  # who looks at it is the desk's business: nothing new for the person


def tell(kind: str, registration: Registration, event: RegistrationEvent) -> None:
    """Owes the person the mail about this event, in the caller's transaction.

    What staff decided waits in the group of its batch while the LSP holds decisions; what the portal decides, receipts
    and requests to act go at once.
    """
    held = kind in DECISIONS and event.by_id is not None and Lsp.current().hold_decisions
    group = decision_group(registration.batch) if held else ""
    queue_email(kind, to=registration.person.user, group=group, registration_id=registration.pk, event_id=event.pk)


def load_events(mails: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Params of many mails with their events as `event` (None: gone); two queries."""
    latest = RegistrationEvent.objects.filter(registration=OuterRef("registration")).order_by("-pk")
    told = latest.exclude(to_status__in=AT_THE_DESK)
    events = RegistrationEvent.objects.select_related(
        "registration__person__user", "registration__batch__venue", "registration__scheme"
    ).annotate(latest=Subquery(latest.values("pk")[:1]), latest_told=Subquery(told.values("pk")[:1]))
    found = events.in_bulk([one["event_id"] for one in mails])
    place_waiting(event.registration for event in found.values())
    return [one | {"event": found.get(one["event_id"])} for one in mails]


def render(kind: str, params: dict[str, Any], language: str) -> Message | None:
    """The mail as things stood right after the event; None when the registration is gone. Never an identity number.

    What a later step of the registration has overtaken is not told any more: None. That step has a mail of its own.
    """
    event = (params if "event" in params else load_events([params])[0])["event"]
    if event is None or _is_overtaken(event):
        return None
    registration = event.registration
    now = what_now(registration, event=event)
    context = {
        "kind": kind,
        "registration": registration,
        "batch": registration.batch,
        "name": registration.person.display_name or registration.person.user.name,
        "now": now,
        "subject_line": str(KINDS[kind][0]) % {"number": registration.number},
    }
    asks = kind in ASKS_FOR_AN_ACT
    return render_templates("participants/registration", context, language, action=asks, deadline=now.deadline)


def _is_overtaken(event: RegistrationEvent) -> bool:
    """Whether the registration has left the state that the event tells of."""
    later = event.latest_told if event.to_status in AT_THE_DESK else event.latest
    return bool(later and later > event.pk)


def tell_changes(registration: Registration, *, since: int) -> None:
    """Owes the person one mail about all changes of the timetable after version `since`."""
    queue_email(MY_SCHEDULE_CHANGED, to=registration.person.user, registration_id=registration.pk, since=since)


def render_changes(params: dict[str, Any], language: str) -> Message | None:
    """The changes as they stand now; None when none are left to tell, or the seat was given up meanwhile."""
    rows = Registration.objects.filter(status=S.CONFIRMED).select_related("batch__venue", "person__user")
    registration = rows.filter(pk=params["registration_id"]).first()
    changes = changes_since(registration.batch, params["since"]) if registration else None
    if not changes:
        return None
    context = {
        "registration": registration,
        "batch": registration.batch,
        "name": registration.person.display_name or registration.person.user.name,
        "changes": changes,
        "url": reverse("participants:my_schedule", args=[registration.code]),
    }
    return render_templates("participants/my_schedule_changed", context, language)


register(MY_SCHEDULE_CHANGED, render_changes, title=_("Jadwal berubah (peserta)"), variables=VARIABLES)
for _kind, (_subject, _title) in KINDS.items():
    register(_kind, partial(render, _kind), title=_title, variables=VARIABLES, loader=load_events)
register_groups(PREFIX, lambda code: reverse("participants:decision_mails", args=[code]))
