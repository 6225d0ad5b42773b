"""People who apply, with valid NIKs, and registrations in any state."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F

from accounts.models import Consent, ConsentTerm, RoleGrant, User
from accounts.roles import Role
from batches.models import Batch
from core import clock
from core.crypto import keyed_hash
from core.models import StoredFile
from core.versioned import put_in_force
from participants import eligibility, services
from participants.facts import MADE_FROM, rule_set_of
from participants.models import ApplicationPart, Document, Person, Registration
from participants.nik import mask_identity
from participants.services.seats import waitlist_key
from participants.states import SEATED, Part, Verdict
from participants.states import RegistrationStatus as S
from tests.factories.batches import make_batch

numbers = count(1)
FIELD = "Administrasi Perkantoran"
BORN = date(1990, 8, 17)
DECLARATIONS = ("KODE_ETIK", "KEABSAHAN_DOKUMEN", "HADIR_PENUH")
SENT_STATES = tuple(status for status in S if status != S.DRAFT)


def make_nik(born: date = BORN, sex: str = "P", serial: int | None = None, province: str = "31") -> str:
    """A NIK of the right structure; a new serial each time."""
    number = next(numbers) if serial is None else serial
    day = born.day + (40 if sex == "P" else 0)
    return f"{province}{number // 9000 % 100:02d}01{day:02d}{born:%m%y}{number % 9000 + 1:04d}"


def make_admin(name: str = "Rina Admin") -> User:
    user = User.objects.create_user(f"admin{next(numbers)}@example.test", name=name)
    RoleGrant.objects.create(user=user, role=Role.ADMIN)
    return user


def make_user(name: str = "Siti Rahmawati", *, verified: bool = True) -> User:
    user = User.objects.create_user(f"peserta{next(numbers)}@example.test", name=name)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
    return user


def make_person(user: User | None = None, *, nik: str | None = None, **fields: Any) -> Person:
    """A person whose identity is written and fits."""
    user = user or make_user(fields.get("full_name", "Siti Rahmawati"))
    number = nik or make_nik()
    values = {
        "full_name": user.name, "nationality": "WNI", "identity_kind": "nik", "identity": number,
        "identity_index": keyed_hash(f"nik:{number}", "identity"), "identity_mask": mask_identity("nik", number),
        "identity_tail": number[-4:], "sex": "P", "birth_date": BORN.isoformat(), "birth_place": "Bandung",
        "phone": "+6281234567890", "address": "Jalan Merdeka 1",
    }  # fmt: skip
    return Person.objects.create(user=user, **values | fields)


@transaction.atomic
def make_registration(status: S = S.DRAFT, *, batch: Batch | None = None, person: Person | None = None, **fields: Any):
    """A row in that state without answers and papers; a seat is counted for those who hold one."""
    batch, person = batch or make_batch(), person or make_person()
    now = clock.now()
    by = person.user
    values: dict[str, Any] = {"person": person, "batch": batch, "scheme": batch.scheme, "status": status}
    if status != S.DRAFT:
        values |= {"submitted_at": now, "submitted_by": by, "identity_index": person.identity_index}
    if status in (S.IN_REVIEW, S.ELIGIBLE, S.WAITLISTED, S.CONFIRMED, S.COMPLETED):
        values |= {"claimed_at": now, "claimed_by": by}
    if status in (S.ELIGIBLE, S.WAITLISTED, S.CONFIRMED, S.COMPLETED):
        values |= {"verified_at": now, "verified_by": by}
    if status == S.RETURNED:
        values |= {"return_due_on": clock.today() + timedelta(days=7)}
    if status in (S.RETURNED, S.REJECTED, S.CANCELLED):
        values |= {"reason": "Ijazah belum lengkap."}
    registration = Registration(**values | fields)
    if status == S.WAITLISTED and registration.waitlist_key is None:
        registration.waitlist_key = waitlist_key(registration)
    registration.save()
    if status in SEATED:
        Batch.objects.filter(pk=batch.pk).update(seats_held=F("seats_held") + 1)
    return registration


def fill(registration: Registration, *, verdict: str = Verdict.PENDING, without: Iterable[str] = ()) -> Registration:
    """Every part answered and every document there, as ASKOM-UMUM asks; `without`: document types left out."""
    user = registration.person.user
    data = {
        Part.TARGET: {"field": FIELD},
        Part.IDENTITY: {},
        Part.EDUCATION: {"level": "S1", "school": "Universitas Contoh", "major": "Administrasi", "year": 2012},
        Part.EXPERIENCE: {
            "items": [
                {
                    "employer": "PT Contoh",
                    "position": "Staf",
                    "field": FIELD,
                    "starts_on": "2014-01-01",
                    "ends_on": None,
                }
            ]
        },
        Part.SELF_ASSESSMENT: {"answers": {"MAPA": "K", "MA": "K", "MKVA": "K"}},
    }
    for part, answers in data.items():
        ApplicationPart.objects.create(
            registration=registration, part=part, data=answers, is_complete=True, saved_by=user
        )
    Registration.objects.filter(pk=registration.pk).update(target_field=FIELD)
    accept_declarations(registration)
    for needed in eligibility.required_documents(rule_set_of(registration)):
        if needed.code not in {*MADE_FROM, *without}:
            make_document(registration, needed.code, verdict=verdict)
    registration.refresh_from_db()
    return registration


def accept_declarations(registration: Registration, codes: Iterable[str] = DECLARATIONS) -> None:
    for code in codes:
        Consent.objects.create(
            user=registration.person.user,
            term=make_term(code),
            about=f"registration:{registration.code}",
            language="id",
        )


def make_term(code: str) -> ConsentTerm:
    present = ConsentTerm.objects.in_force().filter(code=code).first()
    content = {"kind": "declaration", "id": "Saya setuju.", "en": "I agree."}
    return present or put_in_force(ConsentTerm, code=code, title=code, content=content)


def make_file(user: User, purpose: str = "KTP", content_type: str = "image/jpeg") -> StoredFile:
    """A row of a file; its bytes exist nowhere."""
    return StoredFile.objects.create(
        purpose=purpose, storage_name=f"xx/{next(numbers)}.bin", content_type=content_type, size=1000, sha256="0" * 64,
        uploader=user, subject_id=user.pk,
    )  # fmt: skip


def make_document(registration: Registration, type_code: str = "KTP", *, verdict: str = Verdict.PENDING, **fields: Any):
    user = registration.person.user
    values: dict[str, Any] = {"fields": {}}
    if type_code == "SERKOM":
        until = (clock.today() + timedelta(days=700)).isoformat()
        values["fields"] = {"number": "SK-1", "scheme": FIELD, "level": 7, "valid_until": until}
    if verdict != Verdict.PENDING:
        values |= {"judged_at": clock.now(), "judged_by": user}
    if verdict == Verdict.RETURNED:
        values |= {"reason": "Gambar buram."}
    return Document.objects.create(
        registration=registration,
        type_id=type_code,
        verdict=verdict,
        file=make_file(user, type_code),
        **values | fields,
    )


def registration_in(status: S, *, batch: Batch | None = None, person: Person | None = None, by: User | None = None):
    """A whole application brought to `status` by the services; `by` is the admin who acts."""
    batch = batch or make_batch()
    registration = fill(make_registration(batch=batch, person=person))
    admin = by or make_admin()
    steps = {
        S.DRAFT: [], S.SUBMITTED: ["submit"], S.IN_REVIEW: ["submit", "claim"],
        S.RETURNED: ["submit", "claim", "return"], S.REJECTED: ["submit", "claim", "reject"],
        S.ELIGIBLE: ["submit", "claim", "accept", "eligible"],
        S.CONFIRMED: ["submit", "claim", "accept", "eligible", "confirm"],
        S.WAITLISTED: ["submit", "claim", "accept", "eligible", "confirm"],
        S.COMPLETED: ["submit", "claim", "accept", "eligible", "confirm", "complete"],
        S.WITHDRAWN: ["submit", "withdraw"], S.CANCELLED: ["submit", "cancel"],
    }  # fmt: skip
    for step in steps[status]:
        take_step(registration, step, admin)
    return Registration.objects.select_related("person__user", "batch", "scheme").get(pk=registration.pk)


def take_step(registration: Registration, step: str, admin: User) -> None:
    acts = {
        "submit": lambda: services.submit_registration(registration, by=registration.person.user),
        "claim": lambda: services.claim_for_review(registration, by=admin),
        "accept": lambda: services.accept_all_documents(registration, by=admin),
        "return": lambda: services.return_registration(registration, "Lengkapi ijazah.", by=admin),
        "reject": lambda: services.reject_registration(registration, "Pengalaman kurang.", by=admin),
        "eligible": lambda: services.find_eligible(registration, by=admin),
        "confirm": lambda: services.confirm_registration(registration, by=admin),
        "complete": lambda: complete(registration, admin),
        "withdraw": lambda: services.withdraw_registration(registration, by=registration.person.user),
        "cancel": lambda: services.cancel_registration(registration, "Angkatan penuh.", by=admin),
    }
    acts[step]()


def complete(registration: Registration, admin: User) -> None:
    """The batch is in its exam and ends."""
    Batch.objects.filter(pk=registration.batch_id).update(status="examining")
    services.complete_batch(registration.batch, by=admin)


def admin_client(client, admin: User | None = None):
    """A client signed in as an admin who has shown the second factor."""
    client.force_login(admin or make_admin())
    session = client.session
    session["second_factor_seen"] = True
    session.save()
    return client
