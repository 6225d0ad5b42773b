"""Who may do what with a batch; when it is possible is said by the table of states."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from batches.models import Batch
from batches.states import EDITABLE, SCHEDULED, STAFFED, TRANSITIONS, BatchStatus

S = BatchStatus


@dataclass(frozen=True)
class Action:
    """One button: `sources` are the states it leads from, `asks` whether a page asks for something first."""

    route: str
    label: str | Promise
    target: BatchStatus
    sources: frozenset[BatchStatus]
    asks: bool = False
    is_danger: bool = False


def _action(route: str, label: Promise, target: BatchStatus, *sources: BatchStatus, **marks: bool) -> Action:
    return Action(route, label, target, frozenset(sources), **marks)


# In the order of the buttons. Ending a batch concerns its people and their results: those pages are of apps above.
ACTIONS = [
    _action("batches:submit_to_bnsp", _("Catat surat ke BNSP"), S.SUBMITTED_TO_BNSP, S.DRAFT, asks=True),
    _action("batches:record_bnsp_approval", _("Catat persetujuan BNSP"), S.APPROVED, S.SUBMITTED_TO_BNSP, asks=True),
    _action("batches:open_batch", _("Buka pendaftaran"), S.OPEN, S.DRAFT, S.APPROVED),
    _action("batches:close_registration", _("Tutup pendaftaran"), S.CLOSED, S.OPEN),
    _action("batches:start_batch", _("Mulai pelatihan"), S.RUNNING, S.CLOSED),
    _action("batches:start_examination", _("Mulai uji"), S.EXAMINING, S.RUNNING),
    _action("assessments:complete_batch", _("Selesaikan angkatan"), S.COMPLETED, S.EXAMINING, asks=True),
    _action("batches:archive_batch", _("Arsipkan"), S.ARCHIVED, S.COMPLETED),
    _action("batches:reopen_registration", _("Buka lagi pendaftaran"), S.OPEN, S.CLOSED),
    _action("batches:back_to_draft", _("Kembalikan ke draf"), S.DRAFT, S.SUBMITTED_TO_BNSP),
    _action(
        "participants:cancel_batch", _("Batalkan angkatan"), S.CANCELLED,
        S.DRAFT, S.SUBMITTED_TO_BNSP, S.APPROVED, S.OPEN, S.CLOSED, S.RUNNING, asks=True, is_danger=True,
    ),
]  # fmt: skip
ONLY_WITH_BNSP = {"batches:submit_to_bnsp"}


def can_plan_batches(user: User) -> bool:
    """Admins plan; directors, auditors and the assessors of a batch look."""
    return Role.ADMIN in user.roles


def can_see_roster(user: User) -> bool:
    return bool(user.roles & {Role.ADMIN, Role.DIRECTOR, Role.AUDITOR})


def can_update_batch(user: User, batch: Batch) -> bool:
    return can_plan_batches(user) and batch.status in EDITABLE


def can_assign_staff(user: User, batch: Batch) -> bool:
    return can_plan_batches(user) and batch.status in STAFFED


def can_edit_schedule(user: User, batch: Batch) -> bool:
    """Admins edit, from the opening to the end; directors, auditors and the batch's assessors look."""
    return can_plan_batches(user) and batch.status in SCHEDULED


def allowed_actions(user: User, batch: Batch, *, uses_bnsp: bool = True) -> list[Action]:
    """The moves that this person may make with this batch now; templates draw exactly these.

    `uses_bnsp`: the LSP waits for BNSP's approval before it opens a batch.
    """
    if not can_plan_batches(user):
        return []
    status = S(batch.status)
    return [
        action
        for action in ACTIONS
        if status in action.sources and action.target in TRANSITIONS[status] and _fits(action, status, uses_bnsp)
    ]


def _fits(action: Action, status: BatchStatus, uses_bnsp: bool) -> bool:
    """With BNSP's approval a draft is first submitted, without it a draft opens at once."""
    if status != S.DRAFT:
        return True
    return uses_bnsp if action.route in ONLY_WITH_BNSP else not (uses_bnsp and action.target == S.OPEN)
