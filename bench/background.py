"""Work behind the pages: mails and jobs through the broker, how soon a task starts, pages while certificates render.

One production worker with two processes, a mail server that takes all, and the web server, on this one computer.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from accounts.roles import Role
from bench import seed
from bench.browsing import CALM, CONNECTIONS, Page
from bench.figures import figure
from bench.load import percentile, pss_mib, repeat
from bench.servers import Servers, Web
from certificates.models import Certificate
from certificates.services.exports import REGISTER
from certificates.tasks import render_certificate
from core import listings
from core.models import Job, JobStatus
from notifications.models import Email, EmailEvent
from notifications.services import queue_email
from notifications.states import EmailStatus
from participants.models import Registration, RegistrationEvent
from participants.states import RegistrationStatus as S
from tests.factories.accounts import make_user
from tests.factories.batches import make_batch, make_venue
from tests.factories.certificates import put_certificate
from tests.factories.participants import make_person, registration_in
from tests.factories.post import Sink, mail_server

KIND = "registration_submitted"
PATIENCE = 180  # seconds until something that does not come is a fault
ROWS_OF_A_JOB = 10


def figures(servers: Servers, *, quick: bool = False) -> list[dict[str, Any]]:
    mails, jobs, lone, certificates = (8, 3, 3, 6) if quick else (1000, 200, 60, 500)
    rounds, seconds = (1, 0.3) if quick else (3, 4)
    batch = make_batch(name="TOT Angkatan 12", venue=make_venue(), staffed=True)
    people = seed.registrations(batch, max(mails, certificates), [S.SUBMITTED])
    with mail_server() as (port, sink):
        worker = servers.worker(EMAIL_PORT=str(port), EMAIL_TLS="0")
        starts = start_latencies(people[:lone])
        mail_rates = [mails_per_second(people[:mails], sink) for _round in range(rounds)]
        ours = make_certificates(people[:certificates])
        job_rates = [jobs_per_second(ours[:ROWS_OF_A_JOB], jobs) for _round in range(rounds)]
        web = servers.web()
        pages = while_rendering(web, [make_participant_page(batch), make_queue_page()], ours, seconds=seconds)
    return [
        figure("mail.per_s", mail_rates, "1/s", f"{mails} mails, from commit until the mail server has all", digits=1),
        figure("job.per_s", job_rates, "1/s", f"{jobs} jobs, each an Excel file of {ROWS_OF_A_JOB} rows", digits=1),
        figure(
            "mail.start_latency_ms", starts, "ms", "median: row of a mail until a worker has it, nothing else waits"
        ),
        figure("mail.start_latency_p95_ms", [percentile(starts, 95)], "ms", f"of {lone}"),
        *pages,
        *memory(web, worker),
    ]


# --- mails and jobs


def start_latencies(people: list[Registration]) -> list[float]:
    """Milliseconds from a mail's row to the moment at which a worker has claimed it, one mail at a time."""
    owe([people[0]])
    wait_until(nothing_owed)  # the worker has begun, its connections are open
    found = []
    for person in people:
        (email,) = owe([person])
        wait_until(nothing_owed, every=0.02)
        claimed = EmailEvent.objects.get(email=email, status=EmailStatus.SENDING)
        found.append((claimed.at - email.created_at) / timedelta(milliseconds=1))
    return found


def mails_per_second(people: list[Registration], sink: Sink) -> float:
    """Rendered, sent and on record; the time begins when all are owed and the broker hears of them."""
    before = len(sink.taken)
    with transaction.atomic():
        owe(people)
        began = time.monotonic()
    wait_until(lambda: len(sink.taken) - before >= len(people))
    elapsed = time.monotonic() - began
    wait_until(nothing_owed)
    return len(people) / elapsed


def owe(people: list[Registration]) -> list[Email]:
    """The receipt of each registration, about an event of its own."""
    events = RegistrationEvent.objects.bulk_create(
        RegistrationEvent(registration=one, by=one.person.user, from_status=S.DRAFT, to_status=S.SUBMITTED)
        for one in people
    )
    return [
        queue_email(KIND, to=one.person.user, registration_id=one.pk, event_id=event.pk)
        for one, event in zip(people, events, strict=True)
    ]


def nothing_owed() -> bool:
    return not Email.objects.exclude(status=EmailStatus.SENT).exists()


def jobs_per_second(certificates: list[Certificate], count: int) -> float:
    """Jobs of a real kind, small: gather the rows, write the sheet, seal and keep it."""
    owner = certificates[0].issued_by
    ids = [one.pk for one in certificates]
    with transaction.atomic():
        made = [listings.queue_file(REGISTER, ids, by=owner).pk for _number in range(count)]
        began = time.monotonic()
    done = Job.objects.filter(pk__in=made, status=JobStatus.DONE)
    wait_until(lambda: done.count() == count)
    return count / (time.monotonic() - began)


def wait_until(so: Callable[[], bool], *, every: float = 0.1) -> None:
    """RuntimeError when it does not come."""
    until = time.monotonic() + PATIENCE
    while not so():
        if time.monotonic() > until:
            raise RuntimeError(f"nothing after {PATIENCE} s")
        time.sleep(every)


# --- pages beside it


def make_certificates(people: list[Registration]) -> list[Certificate]:
    """Issued, without their files."""
    by = make_user(name="Hendra Wijaya", role=Role.DIRECTOR)
    return [put_certificate(one, by=by, file=False) for one in people]


def make_participant_page(batch: Any) -> Page:
    siti = make_user(name="Siti Rahmawati")
    registration_in(S.IN_REVIEW, batch=batch, person=make_person(siti), by=seed.admins(1)[0])
    return Page("participant_home", reverse("participant_home"), siti)


def make_queue_page() -> Page:
    return Page("queue", reverse("participants:review_queue"), seed.admins(1)[0])


def while_rendering(
    web: Web, pages: list[Page], certificates: list[Certificate], *, seconds: float
) -> list[dict[str, Any]]:
    """Each page in quiet, then while the worker makes the files, and how long those took."""
    makers = {page.name: page.requests() for page in pages}
    for page in pages:  # templates compile, connections open
        repeat(web.port, makers[page.name], seconds=0.5, connections=CALM).only(200)
    quiet = {page.name: repeat(web.port, makers[page.name], seconds=seconds, connections=CALM).p95_ms for page in pages}
    full = {page.name: repeat(web.port, makers[page.name], seconds=seconds, connections=CONNECTIONS) for page in pages}
    waiting = Certificate.objects.unrendered().filter(pk__in=[one.pk for one in certificates])
    began = time.monotonic()
    for one in certificates:
        render_certificate.delay(one.pk)
    busy: dict[str, list[float]] = {page.name: [] for page in pages}
    while waiting.exists():
        for page in pages:
            answers = repeat(web.port, makers[page.name], seconds=min(seconds, 2), connections=CALM).only(200)
            if waiting.exists() or not busy[page.name]:  # else the work ended meanwhile
                busy[page.name].append(answers.p95_ms)
    elapsed = time.monotonic() - began
    note = f"{CALM} connections, while {len(certificates)} certificates render"
    return [
        figure("cert.batch_s", [elapsed], "s", f"{len(certificates)} certificates by one worker, beside the pages"),
        *(figure(f"web.{name}.per_s", [full[name].per_second], "1/s", f"{CONNECTIONS} connections") for name in full),
        *(figure(f"web.{name}.p95_ms_quiet", [quiet[name]], "ms", f"{CALM} connections", digits=1) for name in busy),
        *(figure(f"web.{name}.p95_ms_while_rendering", busy[name], "ms", note, digits=1) for name in busy),
        *(
            figure(f"web.{name}.p95_ratio", [one / quiet[name] for one in busy[name]], "x", "rendering to quiet")
            for name in busy
        ),
    ]


def memory(web: Web, worker: int) -> list[dict[str, Any]]:
    """What the programs take for themselves, shared pages in part (PSS), after the work above."""
    connection.close()
    of_web, of_worker = pss_mib(web.pid), pss_mib(worker)
    return [
        figure("memory.web_mib", [of_web], "MiB", "2 processes of 4 threads and their parent", digits=0),
        figure("memory.worker_mib", [of_worker], "MiB", "2 processes and their parent", digits=0),
        figure("memory.total_mib", [of_web + of_worker], "MiB", "web and worker", digits=0),
    ]
