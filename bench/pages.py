"""Pages that people open most, each as a share of the hello-world floor under the same web server."""

from typing import Any

from django.urls import reverse

from accounts.roles import Role
from bench import seed
from bench.browsing import Page, figures_of, measure
from bench.servers import Servers
from participants.states import RegistrationStatus as S
from tests.factories.accounts import make_user
from tests.factories.batches import make_batch, make_venue
from tests.factories.board import make_busy
from tests.factories.certificates import make_certificate
from tests.factories.participants import make_person, registration_in
from tests.factories.records import make_record

QUEUE = 500
ADDRESSES = 2_000  # callers of the verification, which counts how often one address asks


def figures(servers: Servers, *, quick: bool = False) -> list[dict[str, Any]]:
    pages = all_pages(30 if quick else QUEUE)
    pages = pages[:1] if quick else pages
    rounds, seconds = (1, 0.2) if quick else (3, 2.2)
    measure(pages, servers.web(), servers.web("bench.floor:application", "/"), rounds=rounds, seconds=seconds)
    return [one for page in pages for one in figures_of(page)]


def all_pages(queue: int) -> list[Page]:
    """The pages with the data that they show."""
    verification = verification_page()
    admin = make_user(name="Rina Kusumawardani", role=Role.ADMIN)
    batch = make_batch(name="TOT Angkatan 12", venue=make_venue(), staffed=True)
    for number in range(2, 6):
        make_batch(name=f"TOT Angkatan {number}", venue=make_venue())
    siti = make_user(name="Siti Rahmawati")
    registration = registration_in(S.IN_REVIEW, batch=batch, person=make_person(siti), by=admin)
    seed.registrations(batch, queue, seed.QUEUE_STATES)
    make_busy(24)
    record = make_record()
    own = reverse("participants:registration_detail", args=[registration.code])
    return [
        Page("public_home", reverse("home")),
        Page("batch_detail", reverse("participants:batch_page", args=[batch.code])),
        Page("login", reverse("account_login")),
        Page("participant_home", reverse("participant_home"), siti),
        Page(f"queue_{QUEUE}", reverse("participants:review_queue"), admin),
        Page("registration_detail", own, siti),
        Page("admin_dashboard", reverse("admin_home"), admin),
        Page("recording", reverse("assessments:record_sheet", args=[record.code]), record.recorder),
        verification,
    ]


def verification_page() -> Page:
    certificate = make_certificate()
    return Page("verification", reverse("certificates:verify", args=[certificate.token]), addresses=ADDRESSES)
