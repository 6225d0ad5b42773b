"""Asks the web server on this computer how it is: `python -m tot_portal.healthcheck /healthz/ready`.

Under the name of SITE_URL, because Django answers to no other. Ends with 0 when the answer is 200.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit

READY = "/healthz/ready"
LIVE = "/healthz/live"


def healthy(path: str, port: int, site_url: str) -> bool:
    """Whether the web server on this port answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": urlsplit(site_url).hostname or "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if healthy(sys.argv[1], int(os.environ.get("PORT", "8000")), os.environ["SITE_URL"]) else 1)
