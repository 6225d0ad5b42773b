"""What the facts (tot_portal.facts) mean: good, to be watched, or to be seen to, and what to do then.

Each check has a name that stays: the ready-check, the metrics and the log lines of alerts use it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import clock, ops
from core.models import OpsMark
from core.ops import BACKUP, BEAT, RESTORE_TEST, WORKER
from core.templatetags.ui import size_text
from notifications.states import EmailStatus
from tot_portal.facts import Facts, read_facts
from tot_portal.task_table import TASKS

MB = 1024 * 1024
BEAT_SILENT = timedelta(minutes=2)
WORKERS_SILENT = timedelta(minutes=5)
LATE = timedelta(minutes=5)  # a mail, a job or a file for which nobody has come
FORGOTTEN = timedelta(days=7)  # mails that are held until somebody decides
BACKUP_OLD, RESTORE_TEST_OLD = timedelta(hours=26), timedelta(days=35)
BACKUP_COMMAND, RESTORE_COMMAND = "backup", "restore --check ARSIP"
ALERT = "alert."  # marks of the state that was logged last
logger = logging.getLogger(__name__)


class State(TextChoices):
    OK = "ok", gettext_lazy("Baik")
    WARN = "warn", gettext_lazy("Perlu diperhatikan")
    BAD = "bad", gettext_lazy("Perlu ditangani")

    @property
    def tone(self) -> str:
        return {"ok": "ok", "warn": "warn", "bad": "err"}[self.value]


@dataclass(frozen=True)
class Check:
    """One part of the portal: how it is in words, what to do about it, and the page or command that clears it."""

    name: str
    title: str | Promise
    state: State
    text: str
    todo: str = ""
    route: str = ""
    arguments: tuple[str, ...] = ()
    query: str = ""
    command: str = ""


def check_all(facts: Facts) -> list[Check]:
    """All checks, in the order of the page."""
    return [judge(facts) for judge in JUDGES]


def watch() -> None:
    """Notes beat's tick, forgets workers that are long gone, and tells the log what has changed. Twice is once."""
    ops.mark(BEAT)
    OpsMark.objects.filter(name__startswith=WORKER, at__lt=clock.now() - timedelta(days=1)).delete()
    tell_changes(check_all(read_facts()))


def tell_changes(checks: list[Check]) -> None:
    """Logs each check that turned bad (ERROR) or is bad no longer (WARNING), once, whoever else looks at the time.

    The log reaches people when the mail does not. The words before the name are stable: alerting looks for them.
    """
    for check in checks:
        if _turned(check.name, bad=check.state == State.BAD):
            if check.state == State.BAD:
                logger.error("ops_check_bad %s", check.name)
            else:
                logger.warning("ops_check_recovered %s", check.name)


def overdue_sweeps(facts: Facts) -> list[str]:
    """Tasks of beat that have run before and should have run again by now."""
    return [
        name for name, task in SWEEPS.items()
        if (age := facts.age(name)) and age > timedelta(seconds=3 * task.every + 60)
    ]  # fmt: skip


def ago(span: timedelta) -> str:
    """12 detik, 5 menit, 3 jam, 2 hari."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return ngettext("%(n)s detik", "%(n)s detik", seconds) % {"n": seconds}
    now = clock.now()
    return timesince(now - span, now, depth=1)


SWEEPS = {name: task for name, task in TASKS.items() if task.title is not None}


def _beat(facts: Facts) -> Check:
    check, age = partial(Check, "beat", _("Jam kerja latar (beat)")), facts.age(BEAT)
    if age is not None and age <= BEAT_SILENT:
        return check(State.OK, _("Detak terakhir %(ago)s yang lalu.") % {"ago": ago(age)})
    text = _("Belum pernah berdetak.")
    if age is not None:
        text = _("Detak terakhir %(ago)s yang lalu.") % {"ago": ago(age)}
    todo = _("Hidupkan kembali beat. Selama ia berhenti, penyapu, pengingat, dan jadwal tidak berjalan.")
    if facts.broker and sum(facts.broker.waiting.values()):
        todo = _("Tugas menumpuk di antrean, jadi yang berhenti adalah pekerja. Hidupkan kembali pekerja.")
    return check(State.BAD, text, todo)


def _workers(facts: Facts) -> Check:
    check, names = partial(Check, "workers", _("Pekerja latar (worker)")), facts.workers(WORKERS_SILENT)
    words = {"n": len(names), "ago": ago(WORKERS_SILENT), "names": ", ".join(names)}
    if names:
        text = ngettext(
            "%(n)s pekerja menyelesaikan tugas dalam %(ago)s terakhir: %(names)s.",
            "%(n)s pekerja menyelesaikan tugas dalam %(ago)s terakhir: %(names)s.", len(names),
        )  # fmt: skip
        return check(State.OK, text % words)
    text = _("Tidak ada pekerja yang menyelesaikan tugas dalam %(ago)s terakhir.") % words
    todo = _("Hidupkan kembali pekerja. Surat dan berkas menunggu di basis data dan tidak hilang.")
    return check(State.BAD, text, todo)


def _broker(facts: Facts) -> Check:
    check = partial(Check, "broker", _("Antrean tugas (broker)"))
    if facts.broker is None:
        todo = _(
            "Hidupkan Valkey atau Redis, atau periksa REDIS_URL. Tidak ada yang hilang: pekerjaan tercatat di basis "
            "data, dan penyapu menyusulkannya."
        )
        return check(State.BAD, _("Broker tidak terjangkau."), todo)
    words = {"waiting": sum(facts.broker.waiting.values()), "in_work": facts.broker.in_work}
    return check(State.OK, _("%(waiting)s tugas menunggu, %(in_work)s di tangan pekerja.") % words)


def _mails(facts: Facts) -> Check:
    check = partial(Check, "mails", _("Surat"), route="notifications:email_list")
    failed, retrying = facts.mails[EmailStatus.FAILED], facts.mails[EmailStatus.RETRYING]
    if failed:
        text = ngettext("%(n)s surat tidak terkirim.", "%(n)s surat tidak terkirim.", failed) % {"n": failed}
        todo = _("Baca sebabnya, perbaiki, lalu kirim ulang.")
        return check(State.BAD, text, todo, query="?status=failed")
    if _is_late(facts, facts.mail_due_since):
        text = _("Surat tertua menunggu dikirim selama %(ago)s.") % {"ago": ago(facts.now - facts.mail_due_since)}
        return check(State.BAD, text, _("Periksa pekerja dan server surat."))
    if retrying:
        text = ngettext("%(n)s surat dicoba lagi.", "%(n)s surat dicoba lagi.", retrying) % {"n": retrying}
        todo = _("Portal mencobanya lagi sendiri. Bila bertambah, periksa server surat.")
        return check(State.WARN, text, todo, query="?status=retrying")
    if facts.mail_held_since and facts.now - facts.mail_held_since > FORGOTTEN:
        text = _("Surat tertua ditahan selama %(ago)s.") % {"ago": ago(facts.now - facts.mail_held_since)}
        todo = _("Lepas atau buang surat keputusan di halaman angkatannya; penerima belum tahu apa-apa.")
        return check(State.WARN, text, todo, query="?status=held")
    return check(State.OK, _("Tidak ada surat yang terlambat."))


def _jobs(facts: Facts) -> Check:
    check = partial(Check, "jobs", _("Proses"), route="core:job_list")
    failed = facts.jobs["failed"]
    if _is_late(facts, facts.job_waiting_since):
        text = _("Proses tertua menunggu selama %(ago)s.") % {"ago": ago(facts.now - facts.job_waiting_since)}
        return check(State.BAD, text, _("Periksa pekerja."))
    if failed:
        text = ngettext(
            "%(n)s proses berhenti sebelum selesai dalam 7 hari terakhir.",
            "%(n)s proses berhenti sebelum selesai dalam 7 hari terakhir.", failed,
        ) % {"n": failed}  # fmt: skip
        todo = _("Pemiliknya melihat sebabnya di halaman proses itu dan dapat mengulangnya.")
        return check(State.WARN, text, todo)
    words = {"queued": facts.jobs["queued"], "running": facts.jobs["running"]}
    return check(State.OK, _("%(queued)s antre, %(running)s berjalan.") % words)


def _certificates(facts: Facts) -> Check:
    check = partial(Check, "certificates", _("Berkas sertifikat"))
    stuck, all_of_them = facts.certificates["stuck"], facts.certificates["unrendered"]
    page: dict[str, Any] = {"route": "work_list", "arguments": ("belum-tercetak",)}
    words = {"n": stuck or all_of_them}
    if stuck:
        text = ngettext("%(n)s sertifikat belum berhasil dibuat.", "%(n)s sertifikat belum berhasil dibuat.", stuck)
        todo = _("Baca sebabnya di halaman sertifikat itu, lalu minta pimpinan mengulang pembuatannya.")
        return check(State.BAD, text % words, todo, **page)
    text = ngettext("%(n)s berkas sedang dibuat.", "%(n)s berkas sedang dibuat.", all_of_them) % words
    if _is_late(facts, facts.certificate_waiting_since):
        return check(State.WARN, text, _("Periksa pekerja bila angka ini tidak turun."), **page)
    return check(State.OK, text if all_of_them else _("Semua berkas sudah dibuat."))


def _sweeps(facts: Facts) -> Check:
    check, overdue = partial(Check, "sweeps", _("Penyapu")), overdue_sweeps(facts)
    if not overdue:
        return check(State.OK, _("Semua berjalan pada waktunya."))
    text = ngettext("%(n)s penyapu terlambat.", "%(n)s penyapu terlambat.", len(overdue)) % {"n": len(overdue)}
    return check(State.BAD, text, _("Lihat daftar penyapu di bawah, lalu periksa log pekerja."))


def _disk(facts: Facts) -> Check:
    least = settings.DISK_FREE_LEAST_MB * MB
    words = {"free": size_text(facts.disk_free), "size": size_text(facts.disk_size)}
    text = _("%(free)s bebas dari %(size)s.") % words
    state = State.BAD if facts.disk_free < least else State.WARN if facts.disk_free < 2 * least else State.OK
    todo = _("Tambah ruang, atau pindahkan cadangan lama. Tanpa ruang, unggahan dan sertifikat ditolak.")
    return Check("disk", _("Ruang disk"), state, text, todo if state != State.OK else "")


def _backup(facts: Facts) -> Check:
    check, age = partial(Check, "backup", _("Cadangan")), facts.age(BACKUP)
    text = _("Belum pernah dicadangkan.") if age is None else _last(age)
    if lost := facts.detail(BACKUP, "faults"):
        text += " " + ngettext(
            "%(n)s berkas hilang atau tidak terbaca.", "%(n)s berkas hilang atau tidak terbaca.", lost
        ) % {"n": lost}
        return check(State.BAD, text, _("Baca log cadangan itu: nama berkasnya tercantum di sana."))
    if age is not None and age <= BACKUP_OLD:
        return check(State.OK, text)
    todo = _("Jadwalkan setiap malam, dan simpan hasilnya di tempat lain. Jalankan sekarang:")
    return check(State.BAD, text, todo, command=_typed(BACKUP_COMMAND))


def _typed(command: str) -> str:
    """As one types it here: the demo's environment is known to make only."""
    return f'make manage COMMAND="{command}"' if settings.DEMO else f"python manage.py {command}"


def _restore_test(facts: Facts) -> Check:
    check, age = partial(Check, "restore_test", _("Uji pemulihan")), facts.age(RESTORE_TEST)
    text = _("Belum pernah diuji.") if age is None else _last(age)
    if facts.detail(RESTORE_TEST, "differences"):
        todo = _("Hasil pemulihan berbeda dari yang dicadangkan. Buat cadangan baru, lalu uji lagi:")
        return check(State.BAD, text, todo, command=_typed(RESTORE_COMMAND))
    if age is not None and age <= RESTORE_TEST_OLD:
        return check(State.OK, text)
    todo = _("Uji cadangan terakhir sekali sebulan; basis data dan berkas portal tidak tersentuh:")
    return check(State.WARN, text, todo, command=_typed(RESTORE_COMMAND))


JUDGES: list[Callable[[Facts], Check]] = [
    _beat, _workers, _broker, _sweeps, _mails, _jobs, _certificates, _disk, _backup, _restore_test,
]  # fmt: skip


def _last(age: timedelta) -> str:
    return _("Terakhir %(ago)s yang lalu.") % {"ago": ago(age)}


def _is_late(facts: Facts, since: Any) -> bool:
    return since is not None and facts.now - since > LATE


def _turned(name: str, *, bad: bool) -> bool:
    """Keeps the state; True for the one caller that turned it. A check begins good."""
    OpsMark.objects.get_or_create(name=f"{ALERT}{name}", defaults={"detail": {"bad": False}})
    other = OpsMark.objects.filter(name=f"{ALERT}{name}", detail__bad=not bad)
    return bool(other.update(at=clock.now(), detail={"bad": bad}))
