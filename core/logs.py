"""One JSON object per log line, with the request id; never with a request's data."""

import json
import logging
from datetime import UTC, datetime

from core.request_context import current


class JsonFormatter(logging.Formatter):
    """time (UTC, ISO), level, logger, message, request_id; a traceback as `error`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := current.get().request_id:
            line["request_id"] = request_id
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
