"""One JSON object per log line, with the request id; never with a request's data or a person's."""

import json
import logging
import re
from datetime import UTC, datetime

from core.request_context import current

MASK = "•••"
# PostgreSQL repeats whole rows in the details of an error; texts of libraries repeat what was typed.
PERSONAL = re.compile(
    r"^(?:DETAIL|CONTEXT): .*$"
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|(?<![\w-])(?!\d{4}-\d\d-\d\d)\+?\d(?:[ .-]?\d){9,}(?![\w-])",
    re.MULTILINE,
)


def without_people(text: str) -> str:
    """The text without addresses, long numbers and PostgreSQL's details."""
    return PERSONAL.sub(MASK, text)


class JsonFormatter(logging.Formatter):
    """time (UTC, ISO), level, logger, message, request_id; a traceback as `error`. Personal data is masked."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_people(record.getMessage()),
        }
        if request_id := current.get().request_id:
            line["request_id"] = request_id
        if record.exc_info:
            line["error"] = without_people(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
