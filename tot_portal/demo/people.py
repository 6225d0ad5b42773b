"""The five people whom the demo's bar lets in, all invented."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role


@dataclass(frozen=True)
class DemoPerson:
    """`role` is also the word in the address; `participant` needs no grant."""

    role: Role
    email: str
    name: str
    label: str | Promise


PEOPLE = [
    DemoPerson(Role.PARTICIPANT, "siti.rahmawati@contoh.test", "Siti Rahmawati", _("Peserta")),
    DemoPerson(Role.ADMIN, "rina.admin@contoh.test", "Rina Kusumawardani", _("Admin LSP")),
    DemoPerson(Role.ASSESSOR, "bambang.asesor@contoh.test", "Bambang Hartono", _("Asesor senior")),
    DemoPerson(Role.DIRECTOR, "hendra.pimpinan@contoh.test", "Hendra Wijaya", _("Pimpinan")),
    DemoPerson(Role.AUDITOR, "maya.auditor@contoh.test", "Maya Anggraini", _("Auditor")),
]
BY_ROLE = {person.role: person for person in PEOPLE}
