"""JSON lines with the request id and nothing of the request."""

import json
import logging
import sys

import pytest

from core.logs import JsonFormatter
from core.request_context import RequestContext, current


def line(message="Selesai %s", *args, exc_info=None):
    record = logging.LogRecord("core.jobs", logging.WARNING, __file__, 1, message, args, exc_info)
    return JsonFormatter().format(record)


def test_line_is_one_json_object():
    text = line("dua\nbaris %s", "é")

    assert "\n" not in text
    said = json.loads(text)
    assert (said["level"], said["logger"], said["message"]) == ("WARNING", "core.jobs", "dua\nbaris é")
    assert said["time"].endswith("+00:00")
    assert "request_id" not in said


def test_line_names_the_request_but_not_the_caller():
    token = current.set(RequestContext("abc123", "203.0.113.9"))
    try:
        text = line("x")
    finally:
        current.reset(token)

    assert json.loads(text)["request_id"] == "abc123"
    assert "203.0.113.9" not in text


def test_line_carries_the_traceback():
    try:
        raise KeyError("missing")
    except KeyError:
        text = line("x", exc_info=sys.exc_info())

    assert "KeyError" in json.loads(text)["error"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("mail to siti@contoh.test refused", "mail to ••• refused"),
        ("NIK 3174000000000003 twice", "NIK ••• twice"),
        ("call 0812-3456-7890 or +62 812 3456 7890", "call ••• or •••"),
        ("duplicate key\nDETAIL:  Key (full_name)=(Siti) exists.\nend", "duplicate key\n•••\nend"),
        ("2026-11-24 01:40 job 1234567 in 0.0123456789012s", "2026-11-24 01:40 job 1234567 in 0.0123456789012s"),
        ("task 6f1c2d3e-1234-5678-9012-345678901234", "task 6f1c2d3e-1234-5678-9012-345678901234"),
    ],
)
def test_line_masks_what_belongs_to_a_person(said, kept):
    assert json.loads(line(said))["message"] == kept


def test_traceback_masks_what_belongs_to_a_person():
    try:
        raise ValueError("3174000000000003 of siti@contoh.test")
    except ValueError:
        text = line("x", exc_info=sys.exc_info())

    assert "ValueError: ••• of •••" in json.loads(text)["error"]
