"""Installing over Bolt's OAuth flow: who may, what is kept, and what the browser is told."""

from __future__ import annotations

import asyncio
import html
from typing import TYPE_CHECKING, Any

import structlog
from slack_bolt import BoltResponse
from slack_bolt.error import BoltError
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_bolt.request import BoltRequest
from slack_sdk.oauth import InstallationStore, OAuthStateStore

from bot.desk.errors import FrontlineError
from bot.desk.ids import UserId
from bot.desk.workspaces import HomeId, Installation
from bot.slack.app import web_client
from bot.slack.installing.rotating import end_by, revoke
from bot.slack.manifest import SCOPES
from bot.slack.parsing.workspace import is_home
from bot.web import Receive, Scope, Send, answer, headers_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt.oauth.callback_options import FailureArgs, SuccessArgs
    from slack_sdk.oauth.installation_store import Installation as Given

    from bot.desk.ports.time import Clock
    from bot.slack.installing.credentials import AppCredentials

log = structlog.get_logger(__name__)

INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"

SAYS = {
    "access_denied": (200, "The installation was cancelled. Nothing was changed."),
    "invalid_browser": (
        400,
        "This page was opened elsewhere than the installation was begun, or opened again.",
    ),
    "invalid_state": (401, "This installation was finished before, or begun too long ago."),
    "missing_code": (400, "Slack's answer is not complete."),
    "invalid_code": (401, "Slack does not take this code any more."),
    "not_allowed": (
        403,
        "This workspace is not on the list of those that may use this Frontline.",
    ),
    "storage_error": (500, "The installation could not be kept. Try again in some minutes."),
}
"""What the browser is told, by what went wrong; with the status of the page."""

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Frontline</title>
<style>body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 4rem auto;
padding: 0 1rem; }}</style></head>
<body><h1>{title}</h1><p>{says}</p>{more}</body></html>
"""
HTML = {"content-type": "text/html; charset=utf-8"}


class NotAllowedError(BoltError):
    """A workspace that nobody listed."""


class Installing:
    """The two pages of an installation, as ASGI has it."""

    def __init__(
        self,
        app: AppCredentials,
        states: Any,
        keep: Callable[[Installation], None],
        may_install: Callable[[str, str | None], bool],
        clock: Clock,
    ) -> None:
        """Ask Slack by `app`; what it gave goes to `keep`, with times by our clock.

        `may_install` decides by the workspace's and the organisation's id. `states` issues states,
        and takes each back once.
        """
        client = web_client("", app.api_url)
        page = app.api_url.rstrip("/").removesuffix("/api") + "/oauth/v2/authorize"
        settings = OAuthSettings(
            client_id=app.client_id,
            client_secret=app.client_secret,
            scopes=sorted(SCOPES),
            user_scopes=[],
            install_path=INSTALL_PATH,
            install_page_rendering_enabled=False,
            redirect_uri_path=REDIRECT_PATH,
            authorization_url=page,
            installation_store=_Keeping(app, keep, may_install, clock),
            state_store=_States(states),
            callback_options=CallbackOptions(success=_installed, failure=_not_installed),
        )
        self._flow = OAuthFlow(client=client, settings=settings)

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request of a browser."""
        if scope["method"] != "GET":
            await answer(send, 405, "use GET\n")
            return
        query = bytes(scope.get("query_string") or b"").decode("latin-1")
        request = BoltRequest(body="", query=query, headers=dict(headers_of(scope)))
        told = await asyncio.to_thread(self._answer, str(scope["path"]), request)
        await answer(send, told.status, told.body or "", told.first_headers())

    def _answer(self, path: str, request: BoltRequest) -> BoltResponse:
        try:
            if path == INSTALL_PATH:
                return self._flow.handle_installation(request)
            return self._flow.handle_callback(request)
        except Exception as failure:
            log.exception("installation_failed", exc_info=failure)
            return _page(500, "That did not work", SAYS["storage_error"][1])


class _States(OAuthStateStore):
    """Our states, for Bolt."""

    def __init__(self, states: Any) -> None:
        self._states = states

    def issue(self, *_: object, **__: object) -> str:
        return str(self._states.issue())

    def consume(self, state: str) -> bool:
        return bool(self._states.consume(state))


class _Keeping(InstallationStore):
    """Our installations, for Bolt: it saves, and each desk knows its own."""

    def __init__(
        self,
        app: AppCredentials,
        keep: Callable[[Installation], None],
        may_install: Callable[[str, str | None], bool],
        clock: Clock,
    ) -> None:
        self._clock = clock
        self._app = app
        self._keep = keep
        self._may_install = may_install

    def save(self, installation: Given) -> None:
        home = installation.enterprise_id if installation.is_enterprise_install else None
        home = home or installation.team_id or ""
        if not is_home(home) or not self._may_install(home, installation.enterprise_id):
            log.warning("installation_refused", home=home)
            revoke(installation.bot_token or "", self._app.api_url)
            raise NotAllowedError(home)
        try:
            self._keep(_ours(HomeId(home), installation, self._clock))
        except FrontlineError as failure:
            raise BoltError(str(failure)) from failure
        log.info("installed", home=home)


def _ours(home: HomeId, given: Given, clock: Clock) -> Installation:
    is_org = given.is_enterprise_install
    until = given.bot_token_expires_at
    return Installation(
        home,
        (given.enterprise_name if is_org else given.team_name) or home,
        given.bot_token or "",
        UserId(given.bot_user_id or ""),
        UserId(given.user_id or ""),
        clock(),
        given.bot_refresh_token,
        end_by(clock, until) if until else None,
    )


def _installed(args: SuccessArgs) -> BoltResponse:
    given = args.installation
    named = (given.enterprise_name if given.is_enterprise_install else given.team_name) or "Slack"
    says = (
        f"Frontline is installed in {html.escape(named)}. It writes to you there, in direct "
        "messages, how to go on."
    )
    return _page(200, "Installed", says)


def _not_installed(args: FailureArgs) -> BoltResponse:
    reason = "not_allowed" if isinstance(args.error, NotAllowedError) else args.reason
    status, says = SAYS.get(reason, (200, "Slack did not let it be installed."))
    log.warning("not_installed", why=reason[:40])
    again = f'<p><a href="{INSTALL_PATH}">Begin again</a></p>' if reason != "not_allowed" else ""
    return _page(status, "Not installed", says, again)


def _page(status: int, title: str, says: str, more: str = "") -> BoltResponse:
    body = PAGE.format(title=title, says=says, more=more)
    return BoltResponse(status=status, body=body, headers={"Content-Type": HTML["content-type"]})
