"""An organisation's lists are those of all its workspaces, page by page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.slack.organisation import Organisation

TEAMS = {"T0NORTH001": ("C0N1", "C0N2", "C0N3"), "T0SOUTH001": (), "T0WEST0001": ("C0W1",)}


class Slack:
    """Answers for three workspaces, two entries a page, and refuses to guess which is meant."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self.asked: list[tuple[str, str]] = []

    def __call__(self, method: str, **given: Any) -> Any:
        """Answer one call."""
        params = given.get("params") or {}
        team = str(params.get("team_id") or "")
        self.asked.append((method, team))
        if method == "auth.teams.list":
            return answer(teams=[{"id": each} for each in TEAMS])
        if method == "chat.postMessage":
            return answer(ts="1.1")
        assert team in TEAMS, method
        if method == "usergroups.list":
            return answer(usergroups=[{"id": f"S{team}", "handle": f"oncall-{team.lower()}"}])
        if method == "usergroups.users.list":
            assert params["usergroup"] == f"S{team}"
            return answer(users=[f"U{team}"])
        first = int(params.get("cursor") or 0)
        following = str(first + 2) if first + 2 < len(TEAMS[team]) else ""
        return answer(
            channels=TEAMS[team][first : first + 2], response_metadata={"next_cursor": following}
        )


def answer(**parts: Any) -> Any:
    """An answer as slack_sdk gives it, as far as it is read here."""
    return SimpleNamespace(data=parts, get=parts.get)


def test_every_workspaces_pages_are_read_by_one_cursor_after_the_other() -> None:
    """As whoever reads pages does it, without knowing of workspaces."""
    slack = Slack()
    organisation = Organisation(slack)
    found: list[str] = []
    cursor = None
    while True:
        got = organisation.call("conversations.list", params={"cursor": cursor, "limit": 2})
        found += got.data["channels"]
        cursor = got.data["response_metadata"]["next_cursor"] or None
        if cursor is None:
            break
    assert found == ["C0N1", "C0N2", "C0N3", "C0W1"]
    assert [team for method, team in slack.asked if method == "conversations.list"] == [
        "T0NORTH001", "T0NORTH001", "T0SOUTH001", "T0WEST0001",
    ]  # fmt: skip


@pytest.mark.parametrize("team", TEAMS)
def test_a_groups_members_are_asked_for_where_the_group_is(team: str) -> None:
    """Groups of all workspaces are one list; each knows its own."""
    organisation = Organisation(Slack())
    groups = organisation.call("usergroups.list", params={}).data["usergroups"]
    assert len(groups) == len(TEAMS)
    got = organisation.call("usergroups.users.list", params={"usergroup": f"S{team}"})
    assert got.data["users"] == [f"U{team}"]


def test_what_needs_no_workspace_is_called_as_it_is() -> None:
    """A message is posted to a channel, which is in one."""
    slack = Slack()
    Organisation(slack).call("chat.postMessage", params={"channel": "C0N1"})
    assert slack.asked == [("chat.postMessage", "")]


def test_an_organisation_that_gave_it_to_no_workspace_yet_is_asked_again() -> None:
    """Its admin installs the app first, and adds it to workspaces later."""
    given: list[dict[str, str]] = []
    asked: list[str] = []

    def call(method: str, **more: Any) -> Any:
        if method == "auth.teams.list":
            return answer(teams=list(given))
        asked.append(more["params"]["team_id"])
        return answer(channels=[], response_metadata={"next_cursor": ""})

    organisation = Organisation(call)
    organisation.call("conversations.list", params={})
    given.append({"id": "T0NORTH001"})
    organisation.call("conversations.list", params={})
    assert asked == ["", "T0NORTH001"]
