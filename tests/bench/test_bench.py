"""The bench measures what it says: its client, its figures, and one tiny part on a server of the tests."""

import json
import os
import smtplib
import socket
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest

from bench import background, load, run, seed
from bench.figures import figure
from bench.load import Answers, percentile, repeat, request_bytes, send_all
from bench.servers import BASE, HOST, Web
from core.crypto import keyed_hash
from notifications.services import deliver_email
from participants.models import Registration
from participants.states import RegistrationStatus
from tests.factories.batches import make_batch

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n%s\r\nhello"


@pytest.fixture
def server():
    """Answers whatever comes; `close`: each connection after one answer. Yields the port; counts what came."""
    listener = socket.create_server(("127.0.0.1", 0))
    seen = SimpleNamespace(port=listener.getsockname()[1], requests=[], connections=0, close=False)

    def serve(client):
        with client:
            while data := client.recv(65_536):
                seen.requests.append(data)
                half = (ANSWER % (b"Connection: close\r\n" if seen.close else b"")).partition(b"\r\nC")
                client.sendall(half[0])  # in two pieces, as networks do
                client.sendall(half[1] + half[2])
                if seen.close:
                    return

    def accept():
        while True:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            seen.connections += 1
            threading.Thread(target=serve, args=[client], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield seen
    listener.close()


def test_each_request_is_sent_once(server):
    requests = [request_bytes("GET", f"/{number}", {"Host": HOST}) for number in range(20)]

    answers = send_all(server.port, requests, connections=4)

    assert sorted(server.requests) == sorted(requests)
    assert (answers.count, dict(answers.statuses)) == (20, {200: 20})
    assert server.connections == 4


def test_connection_that_the_server_closes_is_opened_again(server):
    server.close = True

    answers = send_all(server.port, [request_bytes("GET", "/", {})] * 6, connections=1)

    assert answers.only(200).count == server.connections == 6


def test_time_ends_a_repetition(server):
    answers = repeat(server.port, request_bytes("GET", "/", {}), seconds=0.05, connections=2)

    assert answers.count == len(server.requests) > 0
    assert answers.per_second == pytest.approx(answers.count / answers.seconds)


def test_answer_that_nobody_expected_ends_the_measuring():
    answers = Answers(1, [0.1])
    answers.statuses[503] += 1

    with pytest.raises(RuntimeError, match="503"):
        answers.only(200)


@pytest.mark.parametrize(("values", "p95"), [([], 0), ([3], 3), (list(range(100)), 95), ([5, 1, 2], 5)])
def test_percentile(values, p95):
    assert percentile(values, 95) == p95


def test_server_time_is_that_of_its_children():
    with subprocess.Popen(
        [sys.executable, "-c", "import time\nfor i in range(5_000_000): pass\ntime.sleep(30)"]
    ) as child:
        import time

        until = time.monotonic() + 20
        while load.server_seconds(os.getpid()) == 0 and time.monotonic() < until:
            time.sleep(0.05)
        spent = load.server_seconds(os.getpid())
        child.kill()

    assert spent > 0
    assert load.server_seconds(0) == 0


def test_figure_has_the_keys_of_the_file():
    one = figure("taps.per_s", [10, 30, 21], "1/s", "three runs")

    assert one == {"name": "taps.per_s", "value": 21, "unit": "1/s", "runs": 3, "spread": 20, "note": "three runs"}


def test_figures_are_added_to_the_file_and_shown(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "RESULTS", tmp_path / "results.jsonl")
    figures = [figure("page.login.share", [6.5], "%")]

    run.keep(figures)
    run.keep(figures)

    assert [json.loads(line) for line in run.RESULTS.read_text().splitlines()] == figures * 2
    assert "page.login.share" in run.table(figures)


@pytest.mark.parametrize(("part", "words"), [("search", "comes later"), ("everything", "no part")])
def test_part_that_is_not_there_is_said(part, words, monkeypatch, capsys):
    monkeypatch.setenv("ONLY", part)
    monkeypatch.setattr(sys, "argv", ["bench"])

    assert run.main() == 1
    assert words in capsys.readouterr().err


def test_results_are_nobodys_commit():
    done = subprocess.run(["git", "check-ignore", "bench/results.jsonl"], cwd=BASE, capture_output=True)

    assert done.returncode == 0


@pytest.mark.django_db
def test_seed_makes_rows_that_the_portal_takes_for_its_own():
    batch = make_batch()

    made = seed.registrations(batch, 10, seed.QUEUE_STATES)

    assert Registration.objects.sent().filter(batch=batch).count() == len(made) == 10
    assert len({one.identity_index for one in made}) == 10
    assert keyed_hash("x", "identity") not in {one.identity_index for one in made}


@pytest.mark.django_db(transaction=True)
def test_mails_of_the_background_are_mails_that_go_out(mailoutbox):
    """A mail whose renderer takes it back would never reach the mail server that the bench counts at."""
    people = seed.registrations(make_batch(), 3, [RegistrationStatus.SUBMITTED])

    for email in background.owe(people) + background.owe(people[:1]):
        assert not background.nothing_owed()
        deliver_email(email.pk)

    assert len(mailoutbox) == 4
    assert background.nothing_owed()


def test_mail_server_of_the_bench_counts_what_it_takes():
    with background.mail_server() as (port, sink), smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("a@b.test", ["c@d.test"], "Subject: satu\r\n\r\nisi")

    assert len(sink.taken) == 1


def test_work_that_never_comes_is_a_fault(monkeypatch):
    monkeypatch.setattr(background, "PATIENCE", 0.05)

    with pytest.raises(RuntimeError, match="nothing after"):
        background.wait_until(lambda: False, every=0.01)


def test_memory_of_a_program_is_more_than_nothing():
    assert load.pss_mib(os.getpid()) > 10
    assert load.pss_mib(0) == 0


@pytest.mark.django_db(transaction=True)
def test_one_part_runs_on_a_tiny_server(live_server, settings, monkeypatch):
    """The figures of the verification from a handful of requests; what they say means nothing here."""
    from bench import verification

    settings.ALLOWED_HOSTS, settings.TRUSTED_PROXIES = [HOST], 1  # else all callers are one, who asks too often
    settings.CSRF_TRUSTED_ORIGINS = [f"https://{HOST}"]
    tiny = SimpleNamespace(web=lambda *application, **env: Web(live_server.thread.port, 0))

    figures = verification.figures(tiny, quick=True)

    assert [one["name"] for one in figures] == [f"page.verification.{kind}" for kind in ("share", "p95_ms", "queries")]
    assert figures[2]["value"] <= 3
