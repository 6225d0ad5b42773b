"""A small portal with one of everything, its addresses, and the people who walk it.

Siti applies (a draft, and an application in each later state); Joko is the stranger whose draft nobody else may see.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache as remember
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.models import EmailConfirmationHMAC
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.http import int_to_base36
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts import reference as account_reference
from accounts.feeds import feed_token
from accounts.models import User
from accounts.roles import Role
from accounts.services import invite_staff, update_lsp
from accounts.services.invitations import invitation_path
from assessments.models import DutyEntry
from assessments.states import AppealStatus, Duty, Mode
from batches import services as batches
from batches.models import Assignment, Batch, DocumentType, Room, Scheme, Session
from core import clock, jobs, limits
from core.files import XLSX, store_generated, write_sealed
from core.models import StoredFile
from core.versioned import VersionStatus, content_digest
from notifications.models import Email
from notifications.services import put_wording
from notifications.wording import Words
from participants import services
from participants.models import Registration, RegistrationEvent
from participants.states import Part
from participants.states import RegistrationStatus as S
from tests.factories import accounts as people
from tests.factories import participants as applications
from tests.factories.batches import load_schemes, make_batch, make_draft, make_venue
from tests.factories.certificates import put_certificate
from tests.factories.classes import make_sessions
from tests.factories.plays import make_play
from tests.factories.records import make_record, sign
from tests.factories.results import make_appeal, make_result
from tests.factories.staging import hold_decision
from tot_portal.demo_files import jpeg_bytes

OWN, STRANGERS = "own", "stranger's"
ANONYMOUS, NEW_ADMIN = "anonymous", "admin without second factor"
WALKERS = [ANONYMOUS, *(role.value for role in Role), NEW_ADMIN]
WORDED = "registration_submitted"  # a kind of mail that the LSP has own words for
JOB, INTERVIEW = "test.world", "wawancara"


# --- the URLconf


def routes() -> dict[str, list[str]]:
    """Route name -> names of its arguments, of the whole URLconf."""
    return _routes(settings.ROOT_URLCONF)


@remember
def _routes(urlconf: str) -> dict[str, list[str]]:
    return dict(_walk(get_resolver(urlconf).url_patterns, "", []))


def _walk(patterns: list, space: str, arguments: list[str]) -> Iterator[tuple[str, list[str]]]:
    for pattern in patterns:
        found = arguments + list(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, inner, found)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", found


# --- the portal


@dataclass
class World:
    """`own` belongs to Siti (or was sent, is open, is active), `strangers` to Joko (or was not, is not)."""

    people: dict[str, User | None]
    own: SimpleNamespace
    strangers: SimpleNamespace
    every_state: dict[S, Any] = field(default_factory=dict)

    def of(self, whose: str) -> SimpleNamespace:
        return self.own if whose == OWN else self.strangers

    def address(self, route: str, whose: str = OWN) -> str:
        """The address of a route for one's own or somebody else's object. KeyError: no arguments are known."""
        arguments = ARGUMENTS[route](self.of(whose)) if routes()[route] else []
        return reverse(route, args=arguments)


def build_world() -> World:
    """Everything that an address may name. Takes a few seconds; build it once for many tests."""
    account_reference.load()
    load_schemes()
    walkers = {role.value: somebody(role) for role in Role}
    walkers |= {ANONYMOUS: None, NEW_ADMIN: somebody(Role.ADMIN, second_factor=False)}
    siti, admin = walkers[Role.PARTICIPANT.value], walkers[Role.ADMIN.value]
    joko = people.make_user("joko@contoh.test", name="Joko")
    schemes = list(Scheme.objects.order_by("rank")[:3])
    update_lsp({"name": "LSP Contoh", "short_name": "LSP", "uses_bnsp_approval": False}, logo=a_picture(), by=admin)
    batch = open_batch(scheme=schemes[0])
    ask_an_interview(batch)
    batches.assign_person(batch, walkers[Role.ASSESSOR.value], Assignment.Function.EXAMINER, by=admin)
    person, other = applications.make_person(siti), applications.make_person(joko)
    jobs.register(JOB, jobs.Kind(lambda job, key: "", "Menghitung"))
    own = SimpleNamespace(
        batch=batch, venue=batch.venue, scheme=schemes[0], user=joko, role=Role.ASSESSOR,
        draft=applications.fill(applications.make_registration(batch=open_batch(scheme=schemes[1]), person=person)),
        sent=applications.registration_in(S.IN_REVIEW, batch=batch, person=person, by=admin),
    )  # fmt: skip
    strangers = SimpleNamespace(
        batch=make_draft(name="TOT draf"), venue=make_venue(), scheme=SimpleNamespace(code="TIDAK-ADA"),
        user=None, role=None,
        draft=applications.fill(applications.make_registration(batch=batch, person=other)),
    )  # fmt: skip
    strangers.sent = strangers.draft
    for things in (own, strangers):
        things.held = hold_decision(applications.make_registration(S.ELIGIBLE, batch=things.batch), by=admin)
        things.session = make_sessions(things.batch)[0]
    hold_now(own.session)
    own.seated = strangers.seated = seated_in(batch)
    give_a_rotation(own, walkers[Role.ASSESSOR.value])
    give_a_rotation(strangers, joko)
    give_records(own, walkers[Role.ASSESSOR.value])
    give_records(strangers)
    give_the_rest(own, siti, admin)
    give_the_rest(strangers, joko, admin)
    give_a_result(own, walkers[Role.ASSESSOR.value])
    give_a_result(strangers)
    give_words(admin)
    world = World(walkers, own, strangers)
    for state in S:
        world.every_state[state] = application_in(state, admin)
    for stored in StoredFile.objects.filter(storage_name__startswith="xx/"):  # the factory keeps rows only
        write_sealed(stored, jpeg_bytes("UJI"))
    return world


def give_words(admin: User) -> None:
    """Own words of the LSP in one kind of mail, in both languages."""
    for language in ("id", "en"):
        put_wording(WORDED, language, Words(subject="Oke {{ nomor }}"), based_on=0, by=admin)


def hold_now(session: Session) -> None:
    """Its roll can be called."""
    period = DateTimeTZRange(clock.now(), clock.now() + timedelta(hours=1))
    Session.objects.filter(pk=session.pk).update(period=period)


def seated_in(batch: Batch) -> Registration:
    """Somebody who holds a seat of a batch."""
    person = applications.make_person(people.make_user(name="Budi"))
    return applications.make_registration(S.CONFIRMED, batch=batch, person=person)


def give_a_result(things: SimpleNamespace, panel: User | None = None) -> None:
    """A released BK and an appeal against it, heard by `panel`."""
    things.decision = make_result(things.sent, "BK", by=panel or people.make_user(name="Umar"))
    things.unreleased = make_result(applications.make_registration(S.ELIGIBLE, batch=things.batch), released=False)
    things.appeal = make_appeal(things.decision, AppealStatus.UNDER_REVIEW, grounds="FR.AK.04", outcome_text="")
    hears = panel or people.make_user(name="Yuni", role=Role.ASSESSOR)
    DutyEntry.objects.create(
        registration=things.sent, user=hears, duty=Duty.HEARS_APPEAL, appeal=things.appeal
    )  # fmt: skip


def give_a_rotation(things: SimpleNamespace, assessor: User) -> None:
    """A practice in use with one play of somebody seated."""
    things.planned = make_play(things.batch, Mode.FORMATIVE, asesor=things.seated, asesi="Wati", assessor=assessor)
    things.rotation = things.planned.round.rotation


def give_records(things: SimpleNamespace, assessor: User | None = None) -> None:
    """A practice that the person plays as asesor with the draft of `assessor`, and another one that was signed."""
    recorder = assessor or people.make_user(name="Yuni", role=Role.ASSESSOR)
    things.play = make_play(things.batch, Mode.FORMATIVE, asesor=things.sent, asesi="Wati", assessor=recorder)
    things.sheet = things.signed = make_record(things.play)
    if assessor:
        other = make_play(things.batch, Mode.FORMATIVE, asesor=things.sent, asesi="Wati", assessor=recorder)
        things.signed = sign(make_record(other), summary="Oke")


def application_in(state: S, admin: User) -> Registration:
    """Somebody's application. Words that people choose are neutral: they are in nobody's catalogue."""
    person = applications.make_person(people.make_user(name="Budi"))
    before = S.SUBMITTED if state == S.CANCELLED else state
    one = applications.registration_in(before, batch=open_batch(), person=person, by=admin)
    if state == S.CANCELLED:
        one = services.cancel_registration(one, "Kuota", by=admin)
    return Registration.objects.select_related("person__user", "batch").get(pk=one.pk)


def open_batch(**more: Any) -> Batch:
    return make_batch(name=f"TOT {Batch.objects.count()}", venue=make_venue(), **more)


def ask_an_interview(batch: Batch) -> None:
    """Adds a question that staff answer; no scheme as shipped has one."""
    rules = batch.rule_set
    question = {"id": INTERVIEW, "type": "manual_check", "params": {"question": "Wawancara?"}}
    content = deepcopy(rules.content)
    content["groups"][0]["rules"].append(question)
    rules.pk, rules.version, rules.status, rules.content = None, rules.version + 1, VersionStatus.ARCHIVED, content
    rules.content_sha256 = content_digest(content)
    rules.save()
    Batch.objects.filter(pk=batch.pk).update(rule_set=rules)
    batch.refresh_from_db()


def somebody(role: Role, *, second_factor: bool = True) -> User:
    """Assessors came by an invitation whose password they lost; everybody else has one."""
    password = None if role == Role.ASSESSOR else people.PASSWORD
    user = people.make_user(name="Ani", role=role, password=password, second_factor=second_factor)
    if second_factor:
        RecoveryCodes.activate(user)
    return user


def give_the_rest(things: SimpleNamespace, user: User, admin: User) -> None:
    """Papers with real files, a job, a mail, a key and links; a session and a room."""
    things.session = things.batch.sessions.first() or a_session(things.batch)
    things.room = Room.objects.create(venue=things.venue, name="Ruang")
    things.feed = feed_token(user)
    things.type = DocumentType.objects.get(code="KTP")
    services.attach_document(things.draft, things.type, a_picture(), by=user)
    things.document = things.draft.documents.get(type=things.type, superseded_at=None)
    things.job = jobs.queue_job(JOB, by=user, rows=[("a", "Siti")])
    things.job.result = store_generated(b"PK", content_type=XLSX, purpose="Daftar", keep_days=7)
    things.job.save(update_fields=["result"])
    things.email = Email.objects.filter(to_address=user.email).first() or Email.objects.create(
        kind="receipt", to_address=user.email, language="id", recipient=user
    )
    event = RegistrationEvent.objects.create(registration=things.sent, to_status=S.SUBMITTED)
    things.notice = Email.objects.create(
        kind=WORDED, params={"registration_id": things.sent.pk, "event_id": event.pk}, recipient=user,
        to_address=user.email, language="id", subject="Oke", body_text="Oke", status="sent", sent_at=clock.now(),
    )  # fmt: skip
    things.certificate = put_certificate(things.sent, by=admin)
    things.key = WebAuthn.add(user, "Ponsel", a_credential()).instance
    unproved = people.make_user(name="Tini", verified=False)
    things.confirmation = EmailConfirmationHMAC(unproved.emailaddress_set.get()).key
    things.reset = [int_to_base36(user.pk), default_token_generator.make_token(user)]
    invited = invite_staff(email=f"undangan{user.pk}@contoh.test", name="Tono", roles=[Role.AUDITOR], by=admin)
    things.invitation = invitation_path(invited).rstrip("/").split("/")[-1]


def a_picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("ktp.jpg", jpeg_bytes("UJI"), "image/jpeg")


def a_session(batch: Batch) -> Session:
    """A draft has none; this one is there to be asked for."""
    period = DateTimeTZRange(clock.now(), clock.now() + timedelta(hours=1))
    return Session.objects.create(batch=batch, day=1, order=1, kind="lecture", title="Materi", period=period)


def a_credential() -> dict[str, Any]:
    """What a browser sends when a passkey is made."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential = AttestedCredentialData.create(Aaguid(b"\0" * 16), b"key-of-a-test", public)
    data = AuthenticatorData.create(sha256(b"testserver"), AuthenticatorData.FLAG.AT, 0, bytes(credential))
    client = CollectedClientData.create(CollectedClientData.TYPE.CREATE, b"challenge", "https://testserver")
    name = websafe_encode(b"key-of-a-test")
    response = {
        "clientDataJSON": client.b64,
        "attestationObject": websafe_encode(bytes(AttestationObject.create("none", data, {}))),
    }
    return {"id": name, "rawId": name, "type": "public-key", "response": response}


def sent_document(things: SimpleNamespace) -> str:
    return things.sent.documents.filter(superseded_at=None).exclude(file=None).first().code


def code_of(name: str) -> Callable[[SimpleNamespace], list]:
    return lambda things: [getattr(things, name).code]


def codes_of(*names: str) -> Callable[[SimpleNamespace], list]:
    return lambda things: [getattr(things, name).code for name in names]


OF_A_SESSION = ["attendance_session", "mark_attendance", "sign_in_sheet"]
OWN_APPLICATION = [
    "check_answers", "document_list", "registration_detail", "submit_registration", "withdraw_registration",
]  # fmt: skip
OF_WORDS = ["save_wording", "send_wording_test", "use_portal_words", "wording_detail", "wording_frame"]
PART_PAGES = ["edit_part", "autosave_part", "check_eligibility"]
JOB_PAGES = ["cancel_job", "job_detail", "job_result", "retry_job"]
DOCUMENT_PAGES = ["edit_document", "remove_document"]
DESK = [
    "accept_all_documents", "cancel_registration", "claim_for_review", "confirm_registration", "find_eligible",
    "reject_registration", "release_claim", "reopen_after_objection", "return_registration", "reveal_identity",
    "review_registration",
]  # fmt: skip
CERTIFICATES = [
    "certificate_detail", "download", "reissue_certificate", "restart_rendering", "revoke_certificate",
]  # fmt: skip
CERTIFICATE_OF_PERSON = ["confirm_name", "correct_name", "my_certificate"]
CERTIFICATES_OF_BATCH = ["certificate_board", "issue_certificates", "issue_progress"]
OF_A_BATCH = [
    *(f"participants:{name}" for name in
      ["batch_page", "start_registration", "cancel_batch", "confirm_all_eligible", "decision_mails",
       "discard_decision_mails", "release_decisions", "roster"]),
    *(f"batches:{name}" for name in
      ["manage_batch", "update_batch", "assign_staff", "submit_to_bnsp", "record_bnsp_approval", "back_to_draft",
       "schedule", "make_sessions", "add_session", "batch_ics",
       "open_batch", "close_registration", "reopen_registration", "start_batch", "start_examination", "archive_batch"]),
]  # fmt: skip
ROTATION_OF_BATCH = [
    "rotation_board", "make_rotation", "run_sheet", "independence", "declare_relation", "end_relation", "grant_waiver",
]  # fmt: skip
RESULTS_OF_BATCH = ["result_board", "decide_results", "release_results", "complete_batch"]
ATTEMPT_ACTS = ["assessment_detail", "send_back", "void_assessment", "open_retake"]
APPEAL_ACTS = [
    "appeal_detail", "withdraw_appeal", "accept_appeal", "reject_appeal", "appoint_panel", "decide_appeal",
    "close_appeal",
]  # fmt: skip
OF_A_SHEET = [
    "record_sheet", "record_tap", "resolve_conflict", "review_record", "senior_decision", "set_methods", "void_record",
]  # fmt: skip
ARGUMENTS: dict[str, Callable[[SimpleNamespace], list]] = {
    **dict.fromkeys([f"certificates:{name}" for name in CERTIFICATES], code_of("certificate")),
    **dict.fromkeys([f"certificates:{name}" for name in CERTIFICATE_OF_PERSON], code_of("sent")),
    **dict.fromkeys([f"certificates:{name}" for name in CERTIFICATES_OF_BATCH], code_of("batch")),
    "certificates:verify": lambda things: [things.certificate.token],
    **dict.fromkeys([f"core:{name}" for name in JOB_PAGES], code_of("job")),
    **dict.fromkeys(
        [f"notifications:{name}" for name in ["cancel_email", "email_detail", "email_html", "retry_email"]],
        code_of("email"),
    ),
    **dict.fromkeys([f"notifications:{name}" for name in ["notice_detail", "open_notice"]], code_of("notice")),
    **dict.fromkeys([f"notifications:{name}" for name in OF_WORDS], lambda things: [WORDED, "id"]),
    "notifications:restore_wording": lambda things: [WORDED, "id", 1],
    **dict.fromkeys(OF_A_BATCH, code_of("batch")),
    **dict.fromkeys([f"participants:{name}" for name in OWN_APPLICATION], code_of("draft")),
    **dict.fromkeys([f"participants:{name}" for name in DESK], code_of("sent")),
    **{f"participants:{name}": lambda things: [things.draft.code, Part.TARGET] for name in PART_PAGES},
    **{f"participants:{name}": lambda things: [things.draft.code, things.type.code] for name in DOCUMENT_PAGES},
    **dict.fromkeys([f"assessments:{name}" for name in OF_A_SESSION], codes_of("batch", "session")),
    **dict.fromkeys([f"assessments:{name}" for name in ROTATION_OF_BATCH], code_of("batch")),
    **dict.fromkeys([f"assessments:{name}" for name in ["arrange_play", "cancel_play"]], code_of("planned")),
    **{f"assessments:{act}_round": lambda things: [things.rotation.code, 1] for act in ["start", "end"]},
    "assessments:publish_rotation": code_of("rotation"),
    **dict.fromkeys([f"assessments:{name}" for name in ["start_record", "my_decision"]], code_of("play")),
    **dict.fromkeys([f"assessments:{name}" for name in OF_A_SHEET], code_of("sheet")),
    **dict.fromkeys([f"assessments:{name}" for name in ["record_detail", "correct_record"]], code_of("signed")),
    "assessments:plan_exam_play": codes_of("batch", "seated"),
    "assessments:my_plays": code_of("draft"),
    "assessments:approve_make_up": codes_of("batch", "session", "seated"),
    "assessments:attendance_board": code_of("batch"),
    "assessments:export_results": code_of("batch"),
    "assessments:my_attendance": code_of("draft"),
    "participants:receipt": code_of("sent"),
    "participants:decision_mail": codes_of("batch", "held"),
    "participants:answer_manual_check": lambda things: [things.sent.code, INTERVIEW],
    "participants:judge_document": lambda things: [sent_document(things)],
    "participants:review_document": code_of("document"),
    "participants:quick_check_scheme": code_of("scheme"),
    "participants:scheme_page": code_of("scheme"),
    **dict.fromkeys(["batches:update_venue", "batches:venue_create_room"], code_of("venue")),
    **dict.fromkeys(
        ["batches:venue_update_room", "batches:venue_delete_room"], lambda things: [things.venue.code, things.room.code]
    ),
    **dict.fromkeys(
        ["batches:update_session", "batches:cancel_session"], lambda things: [things.batch.code, things.session.code]
    ),
    "participants:my_schedule": code_of("draft"),
    "participants:calendar_feed": lambda things: [things.feed],
    "work_list": lambda things: ["kehadiran"],
    **dict.fromkeys([f"assessments:{name}" for name in RESULTS_OF_BATCH], code_of("batch")),
    **dict.fromkeys([f"assessments:{name}" for name in ATTEMPT_ACTS], lambda things: [things.decision.assessment.code]),
    **dict.fromkeys([f"assessments:{name}" for name in APPEAL_ACTS], code_of("appeal")),
    "assessments:my_result": code_of("draft"),
    "assessments:result_mail": lambda things: [things.batch.code, things.unreleased.code],
    "assessments:file_appeal": code_of("decision"),
    "accept_invitation": lambda things: [things.invitation],
    "account_confirm_email": lambda things: [things.confirmation],
    "account_reset_password_from_key": lambda things: things.reset,
    **{f"mfa_{act}_webauthn": lambda things: [things.key.pk] for act in ["edit", "remove"]},
    **dict.fromkeys(
        ["user_detail", "grant_role", "deactivate_user", "reactivate_user", "reset_second_factor"], code_of("user")
    ),
    "revoke_role": lambda things: [things.user.code, things.role],
}  # fmt: skip


# --- walking


class Walker:
    """A browser of one person, signed in once; every call starts from the same cookies."""

    def __init__(self, user: User | None) -> None:
        self.cookies = people.client_of(user).cookies
        if user:
            self.call("GET", reverse("profile"))  # the session begins; else every call, undone, would begin it again

    def call(
        self, method: str, address: str, *, language: str = "", data: dict | None = None, **headers: str
    ) -> HttpResponse:
        client = Client()
        for name, morsel in self.cookies.items():
            client.cookies[name] = morsel.value
        if language:
            client.cookies["bahasa"] = language
        return getattr(client, method.lower())(address, data, headers={"Accept-Language": "en-US,en", **headers})


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is rolled back, and tries are not counted."""
    cache.clear()
    limits.forget()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def written() -> Iterator[list[str]]:
    """The tables that the block writes to, seen at the connection."""
    tables: list[str] = []

    def watch(execute, sql, params, many, context):
        if found := re.match(
            r'\s*(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\s+(?:ONLY\s+)?"?(\w+)', str(sql), re.IGNORECASE
        ):
            tables.append(found.group(1))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables


def digest() -> str:
    """One hash over every row of every table but sessions."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if "session" not in name]
        parts = [
            f"SELECT '{name}' AS t, md5(string_agg(r::text, '' ORDER BY r::text)) AS h FROM \"{name}\" r"
            for name in tables
        ]
        cursor.execute(
            f"SELECT md5(string_agg(t || coalesce(h, ''), '' ORDER BY t)) FROM ({' UNION ALL '.join(parts)}) x"
        )
        return cursor.fetchone()[0]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Built once per module inside a transaction that ends with the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)
