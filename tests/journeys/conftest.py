"""A whole portal for the browser: `manage.py up` with its own data, real worker, real SMTP sink, real Chromium."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Error, sync_playwright

from tests.embedded_servers import find_browser
from tests.journeys.visitor import PATIENCE, Visitor
from tot_portal.embedded import free_port

BASE = Path(__file__).resolve().parents[2]
SHOTS = Path(os.environ.get("SHOTS", "")) if os.environ.get("SHOTS") else None
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1366, "height": 768}


def pytest_collection_modifyitems(items):
    browser = find_browser()
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            if browser is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium: apt-get install chromium"))


@pytest.fixture(scope="session")
def portal():
    """The address of a portal that has staff and schemes but no participants; PORTAL names one that runs already."""
    if given := os.environ.get("PORTAL"):
        yield given
        return
    var = Path(tempfile.mkdtemp(prefix="tot-journey-", dir="/tmp"))
    var.chmod(0o711)  # as root, PostgreSQL's own user must pass
    port = free_port()
    words = var.with_suffix(".out")
    own = {"VAR_DIR": str(var), "PORT": str(port), "TOT_DEMO": "1", "DEMO_STORY": "0"}
    dropped = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "SITE_URL", "SECRET_KEY", "FIELD_KEYS",
               "INDEX_KEY", "BACKUP_KEY", "EMAIL_FROM"}  # fmt: skip
    env = {name: value for name, value in os.environ.items() if name not in dropped} | own
    with words.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=BASE, env=env, stdout=out, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 120
        while "The portal runs" not in words.read_text():
            assert process.poll() is None, words.read_text()
            assert time.monotonic() < deadline, words.read_text()
            time.sleep(0.2)
        yield f"http://localhost:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        shutil.rmtree(var, ignore_errors=True)
        words.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def chromium():
    """One browser process. While it runs, an event loop is visible and Django has a database connection of its own."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture
def visit(chromium, portal, request):
    """visit(viewport, javascript=…) opens a fresh browser of one person."""
    visitors = []

    def open_browser(viewport=PHONE, *, javascript=True, **options):
        context = chromium.new_context(
            viewport=viewport, java_script_enabled=javascript, locale="en-US", base_url=portal, **options
        )
        context.set_default_timeout(PATIENCE)
        visitors.append(Visitor(context.new_page(), portal, shots=SHOTS, javascript=javascript))
        return visitors[-1]

    yield open_browser
    for visitor in visitors:
        visitor.page.context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure tells where each person stood: the page's address, and a picture of it."""
    report = yield
    if call.when == "call" and report.failed and "visit" in item.funcargs:
        for number, page in enumerate(_open_pages(item.funcargs.get("chromium"))):
            report.sections.append(("page", f"{page.url}\n{_picture(page, f'{item.name}-{number}')}"))
    return report


def _open_pages(browser):
    return [page for context in browser.contexts for page in context.pages] if browser else []


def _picture(page, name):
    path = (SHOTS or Path(tempfile.gettempdir())) / f"failed-{re.sub(r'[^a-z0-9]+', '-', name.lower())}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        page.screenshot(path=path, full_page=True)
    except Error as error:  # the page is gone; the address must do
        return str(error)
    return path
