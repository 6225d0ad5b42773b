"""The menus: who sees which links. The access table decides what may be called; this decides what is offered."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tot_portal.access import ACCESS, allows
from tot_portal.demo.people import PEOPLE


@dataclass(frozen=True)
class Link:
    """One entry of a menu."""

    route: str
    label: str | Promise
    icon: str = ""


STAFF_MENU: list[tuple[str | Promise, list[Link]]] = [
    (
        "",
        [
            Link("admin_home", _("Dasbor"), "home"),
            Link("director_home", _("Beranda pimpinan"), "home"),
            Link("assessor_home", _("Tugas saya"), "home"),
            Link("auditor_home", _("Beranda auditor"), "home"),
        ],
    ),
    (
        _("Pekerjaan"),
        [
            Link("participants:review_queue", _("Pendaftaran"), "clipboard-list"),
            Link("batches:manage_list", _("Daftar angkatan"), "users"),
            Link("batches:calendar", _("Jadwal"), "calendar"),
            Link("assessments:my_assignments", _("Tugas menilai"), "clipboard-check"),
            Link("assessments:result_report", _("Laporan hasil"), "chart-bar"),
            Link("assessments:appeal_list", _("Banding"), "scale"),
            Link("certificates:certificate_list", _("Sertifikat"), "certificate"),
            Link("notifications:email_list", _("Surat keluar"), "mail"),
            Link("core:job_list", _("Proses"), "refresh"),
        ],
    ),
    (
        _("Pengaturan"),
        [
            Link("user_list", _("Pengguna dan peran"), "users"),
            Link("batches:venue_list", _("Tempat uji"), "map-pin"),
            Link("lsp_settings", _("Identitas LSP"), "settings"),
            Link("notifications:wording_list", _("Isi surat"), "edit"),
            Link("audit_log", _("Jejak audit"), "list-check"),
            Link("operations", _("Keadaan portal"), "shield-check"),
        ],
    ),
]
PUBLIC_MENU = [
    Link("batches:batch_list", _("Angkatan terbuka")),
    Link("batches:scheme_list", _("Skema pelatihan")),
    Link("participants:quick_check", _("Periksa kelayakan")),
    Link("about", _("Tentang pelatihan")),
    Link("prepare", _("Persiapan")),
    Link("certificates:verify_search", _("Periksa sertifikat")),
]
PARTICIPANT_MENU = [Link("participant_home", _("Pendaftaran saya")), *PUBLIC_MENU]


def staff_menu(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups with the links that this person's roles may open; empty for anybody without a staff role."""
    if not request.user.is_authenticated or not request.user.is_staff_member:
        return []
    groups = [
        {"title": title, "items": [_item(request, link) for link in links if allows(ACCESS[link.route], request.user)]}
        for title, links in STAFF_MENU
    ]
    return [group for group in groups if group["items"]]


def public_menu(request: HttpRequest) -> list[dict[str, Any]]:
    """Links of the top bar for everybody else."""
    links = PARTICIPANT_MENU if request.user.is_authenticated else PUBLIC_MENU
    return [_item(request, link) for link in links]


def _item(request: HttpRequest, link: Link) -> dict[str, Any]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    return {"url": reverse(link.route), "label": link.label, "icon": link.icon, "current": here == link.route}


def demo_roles() -> list[dict[str, Any]]:
    """The people of the demo's bar."""
    return [{"role": person.role, "label": person.label, "name": person.name} for person in PEOPLE]
