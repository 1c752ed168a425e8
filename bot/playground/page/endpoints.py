"""The endpoints of the page in the browser, and of tests that sit in its place."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import (
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from bot.playground.acts import ACTS, Act
from bot.playground.errors import Refused
from bot.playground.happening.bodies import MAX_BODY, BodyTooLargeError, body_of
from bot.playground.page import boot as views_of_state
from bot.playground.page import searching
from bot.playground.page.control import operate
from bot.playground.state.files import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.websockets import WebSocket

    from bot.playground.site import Site

log = logging.getLogger(__name__)

STATIC = Path(__file__).parents[1] / "static"
MAX_NAME = 255

_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">'
    '<rect width="48" height="48" rx="10" fill="#2f6f4f"/>'
    '<path d="M14 34V14h20v5H20v4h11v5H20v6z" fill="#fff"/></svg>'
)


def page_routes(site: Site) -> list[BaseRoute]:
    """The routes of the page."""

    async def index(_request: Request) -> Response:
        built = STATIC / "index.html"
        if not built.exists():
            return PlainTextResponse("The page is not built: see bot/playground/web.", 503)
        return FileResponse(built, headers={"Cache-Control": "no-cache"})

    async def icon(_request: Request) -> Response:
        return Response(_ICON, media_type="image/svg+xml")

    async def boot(request: Request) -> Response:
        return _reading(lambda: views_of_state.boot(site, _visitor(site, request)))

    async def history(request: Request) -> Response:
        query = request.query_params
        limit = int(query.get("limit", "100")) if query.get("limit", "100").isdigit() else 100
        return _reading(
            lambda: views_of_state.history(
                site,
                _person(site, request),
                query.get("channel", ""),
                query.get("before", ""),
                limit,
            )
        )

    async def replies(request: Request) -> Response:
        query = request.query_params
        return _reading(
            lambda: views_of_state.replies(
                site, _person(site, request), query.get("channel", ""), query.get("ts", "")
            )
        )

    async def channels(request: Request) -> Response:
        return _reading(lambda: views_of_state.channels(site, _person(site, request)))

    async def search(request: Request) -> Response:
        query = request.query_params.get("q", "")
        return _reading(lambda: searching.search(site, _person(site, request), query))

    async def upload(request: Request) -> Response:
        return await _uploaded(site, request)

    async def act(request: Request) -> Response:
        return await _written(site, request, _act)

    async def control(request: Request) -> Response:
        return await _written(site, request, operate)

    async def record(request: Request) -> Response:
        since = request.query_params.get("since", "0")
        lines = site.recording.lines(int(since) if since.isdigit() else 0)
        return StreamingResponse(lines, media_type="application/x-ndjson")

    async def file(request: Request) -> Response:
        content = site.files.contents.get(request.path_params["file_id"])
        if content is None:
            return PlainTextResponse("no such file", 404)
        kind = site.files.shared[request.path_params["file_id"]]["mimetype"]
        # Whatever an app uploads must not run as a page of this origin.
        headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        return Response(content, media_type=kind, headers=headers)

    async def live(socket: WebSocket) -> None:
        user = socket.query_params.get("as", "")
        if user not in site.workspace.users:
            await socket.close(4004)
            return
        await site.live.serve(socket, user)

    return [
        Route("/", index),
        Route("/archives/{rest:path}", index),
        Route("/playground/icon.svg", icon),
        Route("/playground/boot", boot),
        Route("/playground/history", history),
        Route("/playground/replies", replies),
        Route("/playground/channels", channels),
        Route("/playground/search", search),
        Route("/playground/upload", upload, methods=["POST"]),
        Route("/playground/act", act, methods=["POST"]),
        Route("/playground/control", control, methods=["POST"]),
        Route("/playground/record", record),
        Route("/playground/files/{file_id}/{name}", file),
        WebSocketRoute("/playground/live", live),
        Mount("/static", StaticFiles(directory=STATIC, check_dir=False)),
    ]


def _visitor(site: Site, request: Request) -> str:
    """A page opened without saying as whom is the first person's."""
    if "as" in request.query_params or not site.workspace.seed.people:
        return _person(site, request)
    return site.workspace.seed.people[0].id


def _person(site: Site, request: Request) -> str:
    user = request.query_params.get("as", "")
    if user not in site.workspace.users:
        raise Refused("`as` must be the id of somebody in this workspace.")
    return user


def _reading(read: Callable[[], dict[str, Any]]) -> Response:
    try:
        return JSONResponse(read())
    except Refused as error:
        return JSONResponse({"ok": False, "error": str(error)}, 404)


async def _uploaded(site: Site, request: Request) -> Response:
    """Keep a file that somebody is about to attach to a message or put into a modal."""
    try:
        user = _person(site, request)
        content = await body_of(request, MAX_BYTES)
    except Refused as error:
        return JSONResponse({"ok": False, "error": str(error)}, 400)
    except BodyTooLargeError:
        return JSONResponse({"ok": False, "error": "A file can have 16 MB here."}, 413)
    name = request.query_params.get("name", "").strip()[:MAX_NAME]
    if not name or not content:
        return JSONResponse({"ok": False, "error": "That file has no name or no content."}, 400)
    upload = site.files.announce(name, len(content))
    site.files.receive(upload.id, content)
    file = site.files.complete(upload.id, None, user, site.base_url)
    site.journal.flush()
    return JSONResponse({"ok": True, "file": file})


async def _written(
    site: Site, request: Request, work: Callable[[Site, dict[str, Any]], Awaitable[dict[str, Any]]]
) -> Response:
    try:
        given = json.loads(await body_of(request, MAX_BODY))
    except BodyTooLargeError:
        return JSONResponse({"ok": False, "error": "That is too much at once."}, 413)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        return JSONResponse({"ok": False, "error": "The body must be a JSON object."}, 400)
    answer = await work(site, given)
    site.journal.flush()
    return JSONResponse(answer)


async def _act(site: Site, given: dict[str, Any]) -> dict[str, Any]:
    """Do what somebody asks; a refusal is told in plain words."""
    user = given.get("as")
    if not isinstance(user, str) or user not in site.workspace.users:
        return {"ok": False, "error": "`as` must be the id of somebody in this workspace."}
    function = ACTS.get(str(given.get("action")))
    if function is None:
        return {"ok": False, "error": f"There is no action `{given.get('action')}`."}
    shown = {k: v for k, v in given.items() if v is not None}
    # Noted before what the app does about it, so that a transcript reads in the right order.
    entry = site.recording.add("act", given=shown, answer=None)
    try:
        answer = {"ok": True, **await function(Act(site, user, given))}
    except Refused as error:
        answer = {"ok": False, "error": str(error)}
    except Exception:
        log.exception("%s failed", given.get("action"))
        answer = {"ok": False, "error": "The workspace could not do that; its log says why."}
    entry["answer"] = answer
    return answer
