"""What browsers load: small enough, unchanged since it was fetched, complete under hashed names."""

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


@pytest.mark.parametrize(
    ("name", "limit"),
    [("css/app.css", 14_000), ("js/app.js", 6_000), ("img/icons.svg", 8_000)],
)
def test_text_file_stays_small(name, limit):
    assert packed(STATIC / name) <= limit


def test_basic_font_fits_into_one_round_trip():
    assert (STATIC / "fonts/public-sans-basic.woff2").stat().st_size <= 15_000


def test_scripts_of_a_page_stay_small():
    htmx = Path(finders.find("django_htmx/htmx-2.min.js"))

    assert packed(htmx) + packed(STATIC / "js/app.js") <= 25_000


def test_vendored_files_are_what_was_fetched():
    checked = subprocess.run([sys.executable, ROOT / "tools/vendor.py", "--check"], capture_output=True, text=True)

    assert checked.returncode == 0, checked.stderr


def test_vendored_files_carry_their_licences():
    assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts/LICENSE.txt").read_text().upper()
    assert "MIT" in (STATIC / "img/icons-LICENSE.txt").read_text()


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.css")), ids=lambda path: path.name)
def test_styles_point_to_files_that_exist(path):
    for address in re.findall(r'url\("([^"]+)"\)', path.read_text()):
        assert (path.parent / address).is_file(), address


def test_nothing_is_loaded_from_elsewhere():
    for path in [*STATIC.rglob("*.css"), *STATIC.rglob("*.js")]:
        assert not re.search(r"(?:@import|url\(|import|fetch\()\s*[\"']?https?:", path.read_text()), path


def test_hashed_names_can_be_made(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    hashed = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": hashed}

    call_command("collectstatic", "--noinput", verbosity=0)

    style = (tmp_path / staticfiles_storage.url("css/app.css").removeprefix(settings.STATIC_URL)).read_text()
    assert re.search(r'url\("\.\./fonts/public-sans-basic\.[0-9a-f]{12}\.woff2"\)', style)
