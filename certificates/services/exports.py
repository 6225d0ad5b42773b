"""The register as a file; on record with who took it and how many rows."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Lsp, User
from certificates.selectors.register import register_rows
from core import listings
from core.audit import record
from core.models import Job

REGISTER = "certificates.export_register"


@transaction.atomic
def export_register(chosen: dict[str, str], *, by: User, return_to: str = "") -> bytes | Job:
    """The rows that the register's filter leaves, as an XLSX file or as the job that makes it. Raises TooManyRows."""
    ids = list(register_rows(by, chosen).values_list("pk", flat=True))
    about = ", ".join(chosen.values()) or _("Semua sertifikat")
    record("register_exported", Lsp.current(), by=by, label=about[:120], changes={"rows": (None, len(ids))})
    return listings.deliver(REGISTER, ids, by=by, about=about[:120], return_to=return_to)
