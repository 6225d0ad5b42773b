"""Every component renders, and the page that holds them is sound."""

import re
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import include, path
from django.utils import translation

from core.gallery import sample_context

NAMES = (
    "home help privacy accessibility account_login account_signup account_logout"
    " dashboard profile set_language set_theme"
)
notices = ([path("pemberitahuan/", HttpResponse, name="notice_list")], "notifications")
urlpatterns = [*(path(f"{name}/", HttpResponse, name=name) for name in NAMES.split(" ")), path("", include(notices))]
pytestmark = pytest.mark.urls(__name__)


def gallery(*, language="id", nav=(), with_errors=False, **shown):
    shell = {
        "lsp": SimpleNamespace(name="LSP Contoh", short_name="LSP", email="halo@contoh.id"),
        "user": SimpleNamespace(is_authenticated=bool(nav), name="Rina"),
        "request": RequestFactory().get("/dev/"),
        "nav": nav,
        "csrf_token": "token",
    }
    with translation.override(language):
        return render_to_string("dev/components.html", sample_context(with_errors=with_errors) | shell | shown)


def test_gallery_has_one_heading_and_unique_ids():
    html = gallery(with_errors=True)

    ids = re.findall(r'\sid="([^"]+)"', html)
    assert html.count("<h1") == 1
    assert sorted(ids) == sorted(set(ids))


def test_gallery_links_of_the_error_summary_lead_somewhere():
    html = gallery(with_errors=True)

    summary = html[html.index("data-error-summary") :].split("</ul>", 1)[0]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert len(targets) == 9
    assert all(f'id="{target}"' in html for target in targets)


def test_side_menu_stands_beside_its_switch():
    items = [{"url": "/a/", "label": "Verifikasi", "icon": "users", "current": True, "badge": 25}]

    html = gallery(nav=[{"title": "Pekerjaan", "items": items}])

    assert re.search(r"</details>\s*<nav class=\"side-nav\"", html)
    assert 'href="/a/" aria-current="page"' in html


def test_theme_is_said_by_the_page():
    assert 'data-theme="dark"' in gallery(theme="dark")
    assert "data-theme" not in gallery()


def test_language_of_the_page_and_of_the_switch_differ():
    assert '<html lang="id"' in gallery()
    assert re.search(r'value="en" lang="en"><[^>]+>English', gallery())
    assert re.search(r'value="id" lang="id"><[^>]+>Bahasa Indonesia', gallery(language="en"))
