"""The task table: every background task of the portal, its queue, what starts it and how often it may run.

Settings take queues, routes and beat's schedule from here; a task that is missing fails the build, and
docs/tasks.md is written from it. It is read while the settings load, so it imports nothing of the portal.

Each queue gets its turn, whatever waits in the others: a worker takes the next task from the queue that it has not
served for longest. Inside a queue the order is that of asking.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SOFT_LIMIT, HARD_LIMIT = 45, 60  # seconds; the hard one lies well under the broker's visibility timeout
MAIL, CERTIFICATES, JOBS, BULK, SWEEPS = QUEUES = ("mail", "certificates", "jobs", "bulk", "sweeps")


@dataclass(frozen=True)
class Task:
    """One row. `every`: seconds between two starts by beat; without it an event and a sweep start it, by id.

    `again` says what a second run does, and where tries end; `title` what a sweep is called on the operations page.
    """

    queue: str
    again: str
    every: int | None = None
    title: Promise | None = None


def sweep(every: int, title: Promise) -> Task:
    """A task of beat's: it looks for work by state."""
    return Task(SWEEPS, "finds what is left", every, title)


TASKS: dict[str, Task] = {
    "assessments.tasks.follow_sessions": sweep(30, _("Putaran mengikuti sesi yang pindah")),
    "assessments.tasks.remind": sweep(120, _("Pengingat penilaian")),
    "batches.tasks.tell_schedule_changes": sweep(30, _("Kabar jadwal untuk petugas")),
    "certificates.tasks.render_certificate": Task(CERTIFICATES, "the first file stays; parked after 5 tries"),
    "certificates.tasks.sweep_certificates": sweep(30, _("Sertifikat tanpa berkas")),
    "core.tasks.run_bulk_job": Task(BULK, "works the rows that wait; a row is parked after 5 tries"),
    "core.tasks.run_job": Task(JOBS, "works the rows that wait; a row is parked after 5 tries"),
    "core.tasks.sweep_jobs": sweep(30, _("Proses yang terhenti")),
    "core.tasks.sweep_orphan_files": sweep(3600, _("Berkas tanpa pemilik")),
    "notifications.tasks.deliver_email": Task(MAIL, "a sent mail stays sent; the outbox counts the tries"),
    "notifications.tasks.sweep_outbox": sweep(30, _("Surat yang sudah waktunya")),
    "participants.tasks.purge_old_drafts": sweep(6 * 3600, _("Draf yang lama ditinggal")),
    "participants.tasks.remind": sweep(120, _("Pengingat pendaftaran")),
    "participants.tasks.sweep_seats": sweep(60, _("Kursi kosong dan daftar tunggu")),
    "participants.tasks.tell_schedule_changes": sweep(30, _("Kabar jadwal untuk peserta")),
    "tot_portal.tasks.watch": Task(SWEEPS, "finds what is left", every=30),  # beat's own tick, with a check of its own
}


def routes() -> dict[str, dict[str, str]]:
    """For CELERY_TASK_ROUTES."""
    return {name: {"queue": task.queue} for name, task in TASKS.items()}


def beat_schedule() -> dict[str, dict[str, Any]]:
    """For CELERY_BEAT_SCHEDULE. A start that is not made before the next one is due is dropped."""
    return {
        name: {"task": name, "schedule": task.every, "options": {"expires": task.every}}
        for name, task in TASKS.items()
        if task.every
    }
