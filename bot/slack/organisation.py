"""An organisation's token: lists are read of each of its workspaces, and given as one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from slack_sdk.web import SlackResponse

Api = Callable[..., "SlackResponse"]

PAGED = frozenset({"conversations.list", "users.list"})
OF_A_GROUP = frozenset({"usergroups.users.list", "usergroups.users.update"})
GROUPS = "usergroups.list"
TEAMS = "auth.teams.list"


class Organisation:
    """Says in which workspace a method is to act, where Slack wants to be told.

    A token of a workspace needs none of it. Whoever reads pages goes from one workspace to the
    next by the same cursors, which have its id before Slack's own.
    """

    def __init__(self, call: Api) -> None:
        """Ask by the client's own `call`."""
        self._call = call
        self._lock = threading.Lock()
        self._teams: tuple[str, ...] = ()
        self._homes: dict[str, str] = {}

    def call(self, method: str, **given: Any) -> SlackResponse:
        """Call a method as often as it needs."""
        if method in PAGED:
            return self._page(method, given)
        if method == GROUPS:
            return self._groups(given)
        if method in OF_A_GROUP:
            params = given["params"]
            home = self._homes.get(str(params.get("usergroup"))) or self._known_teams()[0]
            return self._call(method, **{**given, "params": {**params, "team_id": home}})
        return self._call(method, **given)

    def _page(self, method: str, given: dict[str, Any]) -> SlackResponse:
        params = given["params"]
        cursor = str(params.get("cursor") or "")
        teams = self._known_teams() if cursor else self._read_teams()
        team, _, own = cursor.partition("|") if cursor else (teams[0], "", "")
        here = {**params, "team_id": team, "cursor": own or None}
        answer = self._call(method, **{**given, "params": here})
        further = (answer.get("response_metadata") or {}).get("next_cursor")
        following = teams[teams.index(team) + 1 :] if team in teams else ()
        after = f"{team}|{further}" if further else f"{following[0]}|" if following else ""
        return _with(answer, response_metadata={"next_cursor": after})

    def _groups(self, given: dict[str, Any]) -> SlackResponse:
        found: list[Any] = []
        homes: dict[str, str] = {}
        for team in self._known_teams():
            params = {**(given.get("params") or {}), "team_id": team}
            answer = self._call(GROUPS, **{**given, "params": params})
            groups = answer.get("usergroups") or []
            homes |= {str(each["id"]): team for each in groups}
            found += groups
        with self._lock:
            self._homes = homes
        return _with(answer, usergroups=found)

    def _known_teams(self) -> tuple[str, ...]:
        return self._teams or self._read_teams()

    def _read_teams(self) -> tuple[str, ...]:
        """Read which workspaces the organisation has given the app to; never none."""
        teams: list[str] = []
        cursor: str | None = None
        while True:
            answer = self._call(TEAMS, http_verb="GET", params={"cursor": cursor, "limit": 100})
            teams += [str(each["id"]) for each in answer.get("teams") or []]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                break
        with self._lock:
            # Where it has given it to none yet, Slack itself says so at the call.
            self._teams = tuple(teams) or ("",)
        return self._teams


def _with(answer: SlackResponse, **parts: Any) -> SlackResponse:
    if isinstance(answer.data, dict):
        answer.data.update(parts)
    return answer
