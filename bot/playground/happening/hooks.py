"""Addresses that an app posts to outside the Web API: response URLs and uploads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.playground.errors import SlackError
from bot.playground.happening import posting
from bot.playground.happening.app_messages import checked_content
from bot.playground.happening.bodies import (
    MAX_FRAME,
    BadMultipartError,
    BodyTooLargeError,
    body_of,
    file_in,
)
from bot.playground.happening.interactivity import answer_message
from bot.playground.state.files import MAX_BYTES

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.playground.delivery.responses import ResponseUrl
    from bot.playground.site import Site


async def answer_response_url(site: Site, request: Request) -> Response:
    """Post, replace or delete a message on behalf of an interaction."""
    try:
        raw = await body_of(request)
    except BodyTooLargeError:
        return PlainTextResponse("request body too large", 413)
    try:
        answer = _read(raw)
        found = site.response_urls.use(request.path_params["key"])
        _apply(site, found, answer)
    except SlackError as error:
        status = 404 if error.code in ("used_url", "expired_url", "invalid_url") else 400
        site.recording.add("response_url", answer=error.body())
        return JSONResponse(error.body(), status)
    site.journal.flush()
    site.recording.add("response_url", given=answer)
    return PlainTextResponse("ok")


async def receive_upload(site: Site, request: Request) -> Response:
    """Take the bytes of an upload."""
    try:
        raw = await body_of(request, MAX_BYTES + MAX_FRAME)
        content = file_in(request.headers.get("content-type", ""), raw)
    except BodyTooLargeError:
        return PlainTextResponse("file too large", 413)
    except BadMultipartError as error:
        return PlainTextResponse(str(error), 400)
    try:
        upload = site.files.receive(request.path_params["file_id"], content)
    except SlackError as error:
        if error.messages:
            return PlainTextResponse(f"length mismatch: {error.messages[0]}", 400)
        return PlainTextResponse("unknown upload", 404)
    site.recording.add("upload", file=upload.id, bytes=len(content))
    return PlainTextResponse(f"OK - {len(content)}")


def _read(raw: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(raw)
    except ValueError as error:
        raise SlackError("invalid_payload") from error
    if not isinstance(answer, dict):
        raise SlackError("invalid_payload")
    return answer


def _apply(site: Site, found: ResponseUrl, answer: dict[str, Any]) -> None:
    channel = site.workspace.channels.get(found.channel)
    if channel is None:
        raise SlackError("channel_not_found")
    if not (answer.get("delete_original") or answer.get("replace_original")):
        checked_content(site, answer.get("text") or "", answer.get("blocks"), None)
        answer_message(site, found.user, channel, answer)
        return
    if found.message_ts is None:
        raise SlackError("message_not_found")
    if found.is_ephemeral:
        _change_ephemeral(site, found, answer)
        return
    message = site.workspace.find_message(channel, found.message_ts)
    if message is None:
        raise SlackError("message_not_found")
    if message.get("bot_id") != site.workspace.bot.bot_id:
        raise SlackError("cant_update_message")
    if answer.get("delete_original"):
        posting.delete(site, channel, message)
        return
    content = checked_content(site, answer.get("text") or "", answer.get("blocks"), None)
    content.setdefault("blocks", None)
    posting.edit(site, channel, message, content, site.workspace.bot.user_id)


def _change_ephemeral(site: Site, found: ResponseUrl, answer: dict[str, Any]) -> None:
    shown = site.ephemerals[found.user]
    entry = next((e for e in shown if e["message"]["ts"] == found.message_ts), None)
    if entry is None:
        raise SlackError("message_not_found")
    frame: dict[str, Any] = {"type": "ephemeral", "channel": entry["channel"]}
    if answer.get("delete_original"):
        shown.remove(entry)
        frame = {
            "type": "ephemeral_deleted",
            "channel": entry["channel"],
            "ts": found.message_ts,
        }
    else:
        content = checked_content(site, answer.get("text") or "", answer.get("blocks"), None)
        entry["message"].pop("blocks", None)
        entry["message"].update(content)
        frame |= {"thread_ts": entry["message"].get("thread_ts"), "message": entry["message"]}
    site.live.tell([found.user], frame)
