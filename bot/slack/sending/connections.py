"""Connections to the Web API that are kept: a call waits for Slack, not for greeting it anew.

slack_sdk opens one for each call, and reads the system's certificates for each: some 20 ms of the
processor, and two more ways to Slack and back.
"""

from __future__ import annotations

import ssl
import time
from copy import copy
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.error import URLError

from slack_sdk import WebClient
from urllib3 import PoolManager
from urllib3.exceptions import HTTPError, ReadTimeoutError

if TYPE_CHECKING:
    from urllib.request import Request

    from urllib3.response import BaseHTTPResponse

MOST_KEPT = 48
"""Connections that wait for their next call: as many as calls are made at once."""

PART = 1 << 16
GZIPPED = "application/gzip"


class KeptClient(WebClient):
    """Calls over connections that are kept; through a proxy as slack_sdk does, one a call."""

    def __init__(self, **given: Any) -> None:
        """As slack_sdk's client, with the system's certificates read once for all its calls."""
        super().__init__(**{"ssl": ssl.create_default_context(), **given})
        self._kept = PoolManager(maxsize=MOST_KEPT, ssl_context=self.ssl)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Give Bolt a client of its own for a request, over the same connections."""
        copied = copy(self)
        copied.headers = dict(self.headers)
        return copied

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        if self.proxy is not None:
            return super()._perform_urllib_http_request_internal(url, req)
        end = time.monotonic() + self.timeout
        try:
            # Nothing is tried again here: what was perhaps done is looked for first.
            found = self._kept.request(
                req.get_method(),
                url,
                body=cast("bytes", req.data),
                headers=dict(req.header_items()),
                timeout=self.timeout,
                retries=False,
                redirect=False,
                preload_content=False,
            )
            body = _read(found, end)
        except ReadTimeoutError as failure:
            raise TimeoutError(str(failure)) from failure
        except HTTPError as failure:
            raise URLError(failure) from failure
        told = found.headers.get("Content-Type", "")
        said = body if told.startswith(GZIPPED) else body.decode(_charset(told))
        return {"status": found.status, "headers": found.headers, "body": said}


def _read(found: BaseHTTPResponse, end: float) -> bytes:
    """Read an answer as it comes, up to a moment of the monotonic clock.

    Raises:
        TimeoutError: it was not whole by then, however steadily it dripped.
    """
    parts: list[bytes] = []
    while part := found.read1(PART):
        parts.append(part)
        if time.monotonic() > end:
            found.close()
            raise TimeoutError("Slack's answer was not whole in time")
    found.release_conn()
    return b"".join(parts)


def _charset(content_type: str) -> str:
    _, _, named = content_type.partition("charset=")
    return named.split(";")[0].strip(" \"'") or "utf-8"
