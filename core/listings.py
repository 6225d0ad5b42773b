"""Lists as Excel files: a short one at once, a long one as a job that gathers it in parts and ends with the file.

An app registers each list in its `runners.py` under the job's kind. A list is an order of ids, taken when it is asked
for, and a reader that turns ids into rows of cells; identity numbers never belong in it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import jobs
from core.errors import DomainError
from core.exports import Column, Value, check_rows, local_now, write_xlsx
from core.files import XLSX, discard_files, read_file, store_generated
from core.models import Job, StoredFile
from core.templatetags.ui import number

AT_ONCE = 500  # rows that one request may write
PART = 500
KEEP_DAYS = 7
LAST_ROW = "berkas"


class PartMissing(DomainError):
    """A part of a long list was not gathered, so the file would have a hole."""

    code = "part_missing"
    message = gettext_lazy("Satu bagian daftar belum terkumpul. Tekan “Ulangi yang gagal”.")


@dataclass(frozen=True)
class Listing:
    """One kind of list: its title, its columns, and the reader of its rows, in the order of the ids."""

    title: str | Promise
    columns: Callable[[], list[Column]]
    read: Callable[[Sequence[int]], list[list[Value]]]


_listings: dict[str, Listing] = {}


def register(kind: str, listing: Listing, *, may_have: Callable[[Any], bool]) -> None:
    """Names a list; `kind` is also the kind of its job. `may_have`: who may take the list out, then and later."""
    _listings[kind] = listing
    jobs.register(kind, jobs.Kind(_work, listing.title, may_have, bulk=True))


def file_of(kind: str, ids: Sequence[int], *, by: models.Model) -> bytes:
    """The whole list as bytes of an XLSX file. Raises TooManyRows."""
    check_rows(len(ids))
    return _write(_listings[kind], _listings[kind].read(ids), by)


@transaction.atomic
def queue_file(kind: str, ids: Sequence[int], *, by: models.Model, about: str = "", return_to: str = "") -> Job:
    """Queues the list as a job with one row for each part and one for the file. Raises TooManyRows."""
    check_rows(len(ids))
    parts = [list(ids[start : start + PART]) for start in range(0, len(ids), PART)]
    rows = [(str(place), _label(place, len(part))) for place, part in enumerate(parts)]
    return jobs.queue_job(
        kind, by=by, rows=[*rows, (LAST_ROW, _("Berkas Excel"))], params={"parts": parts}, about=about,
        return_to=return_to,
    )  # fmt: skip


def deliver(kind: str, ids: Sequence[int], *, by: models.Model, about: str = "", return_to: str = "") -> bytes | Job:
    """The file itself when the list is short, else the job that makes it. Raises TooManyRows."""
    if len(ids) <= AT_ONCE:
        return file_of(kind, ids, by=by)
    return queue_file(kind, ids, by=by, about=about, return_to=return_to)


def _label(place: int, length: int) -> str:
    first = place * PART
    return _("Baris %(first)s–%(last)s") % {"first": number(first + 1), "last": number(first + length)}


def _work(job: Job, key: str) -> str:
    """One row of the job: gathers a part, or writes the file from all of them."""
    listing, parts = _listings[job.kind], job.params["parts"]
    if key != LAST_ROW:
        rows = listing.read(parts[int(key)])
        content = json.dumps(rows, default=_as_json).encode()
        store_generated(content, content_type="application/json", purpose=_purpose(job, key), keep_days=1)
        return _("%(count)s baris") % {"count": number(len(rows))}
    kept = StoredFile.objects.filter(purpose__in=[_purpose(job, place) for place in range(len(parts))])
    by_purpose = {stored.purpose: stored for stored in kept}
    if len(by_purpose) < len(parts):
        raise PartMissing
    rows = [row for place in range(len(parts)) for row in _read_part(by_purpose[_purpose(job, place)])]
    content = _write(listing, rows, job.owner)
    result = store_generated(content, content_type=XLSX, purpose=str(listing.title)[:40], keep_days=KEEP_DAYS)
    Job.objects.filter(pk=job.pk).update(result=result)
    discard_files(kept)
    return _("%(count)s baris, dapat diunduh selama %(days)s hari") % {"count": number(len(rows)), "days": KEEP_DAYS}


def _write(listing: Listing, rows: list[list[Value]], by: models.Model) -> bytes:
    return write_xlsx(str(listing.title), listing.columns(), rows, by=str(by), at=local_now())


def _purpose(job: Job, key: str | int) -> str:
    return f"part {job.code} {key}"


def _as_json(value: Any) -> dict[str, str] | str:
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else str(value)


def _read_part(stored: StoredFile) -> list[list[Value]]:
    def revive(found: dict[str, str]) -> date | datetime:
        moment = found.get("moment")
        return datetime.fromisoformat(moment) if moment else date.fromisoformat(found["day"])

    return json.loads(read_file(stored), object_hook=revive)
