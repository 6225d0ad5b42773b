"""Mails that remind of what is near: written from the facts as they are when the mail goes out."""

from datetime import date
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.roles import Role
from batches.models import Session
from batches.reminders import session_line, sessions_on, venue_lines
from core import clock
from core.templatetags.ui import weekday_date
from notifications.registry import Message, register
from notifications.reminders import OF_LETTER, Letter, day_of, write_letter
from notifications.rendering import render_templates
from participants.emails import VARIABLES
from participants.facts import gather_facts, rule_set_of
from participants.models import Registration
from participants.reminders import stage_of, undecided, waits_for_corrections
from participants.selectors.next_step import what_now
from participants.selectors.parts import missing_text, missing_uploads, part_states
from participants.states import Part, RegistrationStatus


def render_corrections(params: dict[str, Any], language: str) -> Message | None:
    """What was asked for and until when; None when it was sent, given another date, or when its time is over."""
    registration = _load(params)
    if registration is None or not waits_for_corrections(registration):
        return None
    due_on, today = registration.return_due_on, clock.today(registration.batch.time_zone)
    if due_on.isoformat() != params["due_on"] or today > due_on or stage_of(due_on, today) != params["stage"]:
        return None
    subject = _("Pengingat: perbaiki pendaftaran %(number)s") % {"number": registration.number}
    return _as_on_the_page(registration, subject, language)


def render_draft(params: dict[str, Any], language: str) -> Message | None:
    """What is still to be filled in before the registration closes; None when it was sent, or closes on another day."""
    registration = _load(params)
    if registration is None or registration.status != RegistrationStatus.DRAFT:
        return None
    batch = registration.batch
    closes_on = day_of(batch.registration_closes_at, batch.time_zone).isoformat()
    if (batch.pk, closes_on) != (params["batch_id"], params["closes_on"]) or not batch.accepts_registrations():
        return None
    subject = _("Pengingat: kirim pendaftaran %(number)s sebelum ditutup") % {"number": registration.number}
    return _as_on_the_page(registration, subject, language, unfinished=_unfinished(registration))


def render_sessions(params: dict[str, Any], language: str) -> Message | None:
    """All sessions of the person's day; None when none are left on it, or the seat was given up."""
    registration = _load(params)
    if registration is None or registration.status != RegistrationStatus.CONFIRMED:
        return None
    batch, on = registration.batch, date.fromisoformat(params["on"])
    sessions = sessions_on(Session.objects.filter(batch=batch), on)
    if not sessions or sessions[-1].starts_at <= clock.now():
        return None
    days = {"day": weekday_date(on), "batch": batch.name}
    is_today = on <= clock.today(batch.time_zone)
    places = [(_("Tempat"), place) for place in venue_lines([batch])]
    letter = Letter(
        subject=(_("Sesi Anda hari ini (%(batch)s)") if is_today else _("Sesi Anda besok (%(batch)s)")) % days,
        title=(_("Sesi Anda hari ini, %(day)s") if is_today else _("Sesi Anda besok, %(day)s")) % days,
        name=registration.person.display_name or registration.person.user.name,
        lines=[session_line(one) for one in sessions],
        facts=[(_("Angkatan"), batch.name), *places],
        url=reverse("participants:my_schedule", args=[registration.code]),
        action_label=_("Lihat jadwal"),
    )
    return write_letter(letter, language)


def render_reviews(params: dict[str, Any], language: str) -> Message | None:
    """What the desk has promised for a day, batch by batch; None when all is decided, or the day is over."""
    admin = User.objects.with_role(Role.ADMIN).filter(pk=params["user_id"]).first()
    due_on = date.fromisoformat(params["due_on"])
    per_batch = list(undecided(due_on).order_by("batch__name").values_list("batch__name").annotate(n=Count("pk")))
    if admin is None or not per_batch or clock.today() > due_on:
        return None
    count = sum(n for _name, n in per_batch)
    words = {"count": count, "day": weekday_date(due_on)}
    letter = Letter(
        subject=ngettext(
            "%(count)s pendaftaran menunggu diperiksa", "%(count)s pendaftaran menunggu diperiksa", count
        ) % words,
        title=ngettext(
            "%(count)s pendaftaran perlu diputuskan paling lambat %(day)s.",
            "%(count)s pendaftaran perlu diputuskan paling lambat %(day)s.",
            count,
        ) % words,
        text=_("Tanggal itu tertulis pada halaman peserta sebagai batas pemeriksaan."),
        name=admin.name,
        lines=[(name, _counted(n)) for name, n in per_batch],
        facts=[(_("Paling lambat"), weekday_date(due_on))],
        url=reverse("participants:review_queue") + "?status=open",
        action_label=_("Buka antrean"),
    )  # fmt: skip
    return write_letter(letter, language, action=True, deadline=due_on)


def _counted(n: int) -> str:
    return ngettext("%(count)s pendaftaran", "%(count)s pendaftaran", n) % {"count": n}


def _load(params: dict[str, Any]) -> Registration | None:
    rows = Registration.objects.select_related("batch__venue", "batch__rule_set", "person__user", "scheme")
    return rows.filter(pk=params["registration_id"]).first()


def _as_on_the_page(
    registration: Registration, subject: str, language: str, unfinished: list[tuple[str, str]] | None = None
) -> Message:
    """The words of the person's own page."""
    now = what_now(registration)
    context = {
        "registration": registration, "batch": registration.batch, "now": now,
        "unfinished": unfinished, "subject_line": subject,
        "name": registration.person.display_name or registration.person.user.name,
    }  # fmt: skip
    return render_templates("participants/registration", context, language, action=True, deadline=now.deadline)


def _unfinished(registration: Registration) -> list[tuple[str, str]]:
    """Parts that are not complete, with the documents that are missing."""
    facts = gather_facts(registration)
    documents = missing_text(missing_uploads(rule_set_of(registration), facts))
    found = [one for one in part_states(registration, facts) if not one.is_done]
    return [(str(one.label), documents if one.part == Part.DOCUMENTS else one.hint) for one in found]


register("corrections_due", render_corrections, title=gettext_lazy("Pengingat perbaikan"), variables=VARIABLES)
register("draft_closing", render_draft, title=gettext_lazy("Pengingat kirim pendaftaran"), variables=VARIABLES)
register(
    "sessions_tomorrow", render_sessions, title=gettext_lazy("Pengingat sesi besok (peserta)"), variables=OF_LETTER
)
register("reviews_due", render_reviews, title=gettext_lazy("Pengingat pemeriksaan"), variables=OF_LETTER)
