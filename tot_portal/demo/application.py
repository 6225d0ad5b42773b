"""How a participant of the demo fills in and sends an application: the very services that the pages call."""

from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from batches.models import Batch, DocumentType
from core import clock
from participants import services
from participants.eligibility import required_documents
from participants.facts import rule_set_of
from participants.models import Registration
from participants.states import Part
from tot_portal.demo.cast import Actor
from tot_portal.demo_files import jpeg_bytes, pdf_bytes

DECLARATIONS = ["KODE_ETIK", "KEABSAHAN_DOKUMEN", "HADIR_PENUH"]


def make_user(email: str, name: str) -> User:
    """A person with a verified address; the demo's bar is the only way in."""
    user = User.objects.create_user(email, name=name)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def start(actor: Actor, batch: Batch, user: User | None = None) -> Registration:
    """A draft that names the field to be assessed."""
    user = user or make_user(actor.email, actor.name)
    registration = services.start_registration(batch, by=user)
    services.save_part(registration, Part.TARGET, {"field": actor.field}, version=0, by=user, complete=True)
    registration.refresh_from_db()
    return registration


def fill(registration: Registration, actor: Actor, *, mistaken_birth_date: bool = False) -> None:
    """Every part and every document."""
    user = registration.person.user
    fill_identity(registration, actor, mistaken_birth_date=mistaken_birth_date)
    parts = {
        Part.EDUCATION: {
            "level": actor.level,
            "school": f"Universitas {actor.city}",
            "major": actor.field,
            "year": 2008,
        },
        Part.EXPERIENCE: {"items": [experience(actor)]},
        Part.SELF_ASSESSMENT: {
            "answers": {"MAPA": "K", "MA": "K", "MKVA": "BK"},
            "notes": {"MAPA": "Menyusun rencana uji di tempat kerja.", "MA": "Mendampingi uji tahun lalu.", "MKVA": ""},
        },
    }
    for part, data in parts.items():
        services.save_part(registration, part, data, version=0, by=user, complete=True)
    attach_documents(registration, actor)
    services.accept_declarations(registration, DECLARATIONS, by=user)
    registration.refresh_from_db()


def fill_identity(registration: Registration, actor: Actor, *, mistaken_birth_date: bool = False) -> None:
    born = actor.birth_date + timedelta(days=1) if mistaken_birth_date else actor.birth_date
    cleaned = {
        "full_name": actor.name, "title_front": "", "title_back": "", "nationality": "WNI", "identity_kind": "nik",
        "identity": actor.nik, "sex": actor.sex, "birth_date": born, "birth_place": actor.birth_place,
        "phone": actor.phone, "address": f"Jalan Merdeka {actor.phone[-2:]}, {actor.city}",
    }  # fmt: skip
    services.save_identity(registration, cleaned, version=0, by=registration.person.user)


def experience(actor: Actor) -> dict:
    """One job that lasts until today."""
    began = clock.today() - timedelta(days=actor.years * 366)
    return {
        "employer": actor.employer, "position": actor.position, "field": actor.field,
        "starts_on": began.replace(day=1).isoformat(), "ends_on": None,
    }  # fmt: skip


def attach_documents(registration: Registration, actor: Actor) -> None:
    """One drawn page for each document that the rules ask for; of alternatives the first."""
    types = DocumentType.objects.in_bulk()
    for required in required_documents(rule_set_of(registration)):
        kind = types[required.code]
        if not kind.is_form and required.code != "INTERNAL":
            services.attach_document(
                registration, kind, upload_for(kind, actor.name), fields_for(kind.code, actor),
                by=registration.person.user,
            )  # fmt: skip


def upload_for(kind: DocumentType, name: str) -> SimpleUploadedFile:
    """A page that says what it stands for."""
    text = f"CONTOH\n{kind.label[:24]}\n{name}"
    if "pdf" in kind.upload_formats and kind.code != "KTP":
        return SimpleUploadedFile("contoh.pdf", pdf_bytes(text), "application/pdf")
    return SimpleUploadedFile("contoh.jpg", jpeg_bytes(text), "image/jpeg")


def fields_for(code: str, actor: Actor) -> dict:
    """Facts typed beside the file, good for the years around the demo."""
    today = clock.today()
    valid_until = date(today.year + 2, 6, 30).isoformat()
    return {
        "SERKOM": {
            "number": f"SK-{actor.phone[-4:]}", "issuer": "LSP Teknik Contoh", "scheme": actor.field, "level": 7,
            "issued_on": date(today.year - 1, 7, 1).isoformat(), "valid_until": valid_until,
        },
        "SKKERJA": {"issuer": actor.employer},
        "REKOM": {"number": "012/REK/2026", "issuer": "LSP Contoh Nusantara"},
    }.get(code, {})  # fmt: skip
