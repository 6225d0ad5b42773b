"""JSON lines with the request id and nothing of the request."""

import json
import logging
import sys

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
