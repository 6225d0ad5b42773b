"""A printer that is quick: what it prints is tested beside it."""

import pytest

from certificates import rendering


def quick_pdf(facts) -> bytes:
    """Bytes that depend on the facts only, as the real file's do."""
    return b"%PDF-1.7 " + "|".join([facts.number, facts.name, facts.verify_url]).encode()


@pytest.fixture(autouse=True)
def _quick_printer(request, monkeypatch):
    """Unless the test asks for the `real_printer`."""
    if "real_printer" not in request.fixturenames and "rendering" not in request.node.path.name:
        monkeypatch.setattr(rendering, "render_certificate", quick_pdf)


@pytest.fixture
def real_printer():
    """The printer as it is."""
