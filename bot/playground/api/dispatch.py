"""From an HTTP request to a Web API method and back."""

from __future__ import annotations

import contextlib
import json
import logging
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.responses import Response

from bot.playground.api import (
    assistant,
    chat,
    conversations,
    groups,
    identity,
    managing,
    marks,
    people,
    streams,
    uploads,
    views,
)
from bot.playground.api.call import Call, Method
from bot.playground.errors import SlackError
from bot.playground.happening.bodies import BodyTooLargeError, body_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.playground.faults.faults import Fault
    from bot.playground.site import Site

log = logging.getLogger(__name__)

METHODS: dict[str, Method] = {
    name: method
    for family in (
        assistant,
        chat,
        conversations,
        groups,
        identity,
        managing,
        marks,
        people,
        streams,
        uploads,
        views,
    )
    for name, method in family.methods.known.items()
}


async def answer_call(site: Site, request: Request) -> Response:
    """Run one Web API request, with whatever fault is due for it."""
    name = request.path_params["method"]
    fault = site.faults.for_request(name)
    if fault is not None:
        early = await _fail_early(site, fault, name)
        if early is not None:
            return early
    try:
        raw = await body_of(request)
    except BodyTooLargeError:
        return Response("request body too large", status_code=413)
    if fault is not None and fault.kind == "hang":
        return await _hang(site, fault, request, raw)
    took = site.latency.draw(name)
    await site.clock.sleep(took)
    body, scopes, arguments = _run(site, name, request, raw)
    if body.get("error") == "ratelimited":
        return _json(body, 429, {"Retry-After": str(body.pop("retry_after"))})
    site.journal.flush()
    site.recording.add("request", method=name, arguments=arguments, answer=body, took=took)
    headers = {
        "date": format_datetime(datetime.fromtimestamp(site.clock.now(), UTC), usegmt=True),
        "x-slack-req-id": site.ids.uuid(),
        "x-oauth-scopes": ",".join(sorted(scopes)),
    }
    method = METHODS.get(name)
    if method is not None and method.scopes:
        headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
    content = json.dumps(body, separators=(",", ":")).encode()
    if fault is not None and fault.kind == "late_answer":
        await site.clock.sleep(fault.seconds)
    if fault is not None and fault.kind == "cut":
        # As a proxy does it: a whole answer by its length, of which the end is missing.
        content = content[: len(content) // 2]
    if fault is not None and fault.kind in ("drop", "lost_answer"):
        return DroppedResponse(content, cut=len(content) // 2 if fault.kind == "drop" else None)
    return Response(content, media_type="application/json; charset=utf-8", headers=headers)


class DroppedResponse(Response):
    """An answer whose connection breaks: in the middle, or before the first byte."""

    def __init__(self, content: bytes, *, cut: int | None) -> None:
        """With the number of bytes that arrive, or none at all."""
        super().__init__(content, media_type="application/json; charset=utf-8")
        self._cut = cut

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send what is to arrive, then break the connection."""
        transport = scope["state"]["transport"]
        if self._cut is not None:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            part = bytes(self.body)[: self._cut]
            await send({"type": "http.response.body", "body": part, "more_body": True})
            transport.close()
        else:
            transport.abort()
        # uvicorn must notice the broken connection before this call returns.
        while (await receive())["type"] != "http.disconnect":
            pass


async def _fail_early(site: Site, fault: Fault, name: str) -> Response | None:
    """The answer of a fault that keeps the method from running."""
    site.recording.add("fault", fault=fault.kind, method=name)
    if fault.kind == "slow":
        await site.clock.sleep(fault.seconds)
    if fault.kind == "rate_limit":
        headers = {"Retry-After": str(fault.retry_after)}
        return _json({"ok": False, "error": "ratelimited"}, 429, headers)
    if fault.kind == "server_error":
        return Response("Internal Server Error", status_code=500)
    if fault.kind == "error":
        return _json({"ok": False, "error": fault.code})
    return None


async def _hang(site: Site, fault: Fault, request: Request, raw: bytes) -> Response:
    """Keep a call waiting for an answer that never comes; nothing is done."""
    with contextlib.suppress(SlackError):
        arguments = _arguments(request, raw)
        site.recording.add("hang", method=request.path_params["method"], arguments=arguments)
    await site.clock.sleep(fault.seconds)
    return DroppedResponse(b"", cut=None)


def _run(
    site: Site, name: str, request: Request, raw: bytes
) -> tuple[dict[str, Any], frozenset[str], dict[str, Any]]:
    """The answer's body, the scopes of the token, and the arguments as they were read."""
    arguments: dict[str, Any] = {}
    scopes: frozenset[str] = frozenset()
    try:
        arguments = _arguments(request, raw)
        method = _method(name)
        token = _token(request, arguments)
        scopes = _authorise(site, method, token)
        site.limits.count(name, str(arguments.get("channel")))
        call = Call(site, name, arguments, scopes)
        return {"ok": True, **method.handler(call)}, scopes, arguments
    except SlackError as refusal:
        return refusal.body(), scopes, arguments
    except Exception:
        # A fault of the playground itself: the app must see what Slack would answer.
        log.exception("%s failed", name)
        return {"ok": False, "error": "internal_error"}, scopes, arguments


def _method(name: str) -> Method:
    if name not in METHODS:
        raise SlackError("unknown_method", req_method=name)
    return METHODS[name]


def _arguments(request: Request, raw: bytes) -> dict[str, Any]:
    """Arguments from the query, a form or JSON; raises SlackError."""
    arguments: dict[str, Any] = dict(request.query_params)
    if not raw:
        return arguments
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "application/json":
        try:
            body = json.loads(raw)
        except ValueError as error:
            raise SlackError("invalid_json") from error
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        # Slack takes a token in JSON only from the header.
        body.pop("token", None)
        return arguments | body
    if content_type == "application/x-www-form-urlencoded":
        try:
            pairs = parse_qsl(raw.decode("utf-8"), keep_blank_values=True)
        except ValueError as error:
            raise SlackError("invalid_form_data") from error
        return arguments | dict(pairs)
    raise SlackError("missing_post_type" if not content_type else "invalid_post_type")


def _token(request: Request, arguments: dict[str, Any]) -> str:
    header = request.headers.get("authorization", "")
    in_arguments = arguments.pop("token", "")
    if header.lower().startswith("bearer "):
        return header[7:].strip()
    return str(in_arguments)


def _authorise(site: Site, method: Method, token: str) -> frozenset[str]:
    """The scopes of the token, if it may call the method; raises SlackError."""
    if method.caller == "anyone":
        return frozenset()
    if not token:
        raise SlackError("not_authed")
    bot = site.workspace.bot
    known = {bot.bot_token: "bot", bot.app_token: "app"}
    kind = known.get(token)
    if kind is None:
        raise SlackError("invalid_auth")
    if kind != method.caller:
        raise SlackError("not_allowed_token_type")
    if kind == "app":
        return frozenset({"connections:write"})
    scopes = site.installation.scopes
    if method.scopes and not scopes.intersection(method.scopes):
        raise SlackError(
            "missing_scope", needed=",".join(method.scopes), provided=",".join(sorted(scopes))
        )
    return scopes


def _json(
    body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    content = json.dumps(body).encode()
    return Response(content, status, headers, media_type="application/json; charset=utf-8")
