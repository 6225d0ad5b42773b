"""Celery's entry: one service each, safe to run again."""

from datetime import timedelta

import pytest

from certificates import tasks
from certificates.models import Certificate
from core import clock
from core.models import StoredFile
from notifications.models import Email
from tests.factories.certificates import make_certificate

pytestmark = pytest.mark.django_db(transaction=True)


def test_render_certificate_twice_makes_one_file():
    certificate = make_certificate()

    tasks.render_certificate(certificate.pk)
    digest = Certificate.objects.get().file_sha256
    tasks.render_certificate(certificate.pk)

    assert Certificate.objects.get().file_sha256 == digest != ""
    assert (StoredFile.objects.count(), Email.objects.count()) == (1, 1)


def test_render_certificate_of_a_row_that_is_gone_does_nothing():
    assert tasks.render_certificate(987_654) is None


def test_sweep_hands_each_overdue_certificate_to_a_worker_again_and_again(monkeypatch):
    certificate, asked = make_certificate(), []
    monkeypatch.setattr(tasks.render_certificate, "apply_async", lambda args, **options: asked.append((args, options)))

    with clock.at(clock.now() + timedelta(seconds=21)):
        tasks.sweep_certificates()
        tasks.sweep_certificates()

    assert asked == [((certificate.pk,), {"expires": 60})] * 2
