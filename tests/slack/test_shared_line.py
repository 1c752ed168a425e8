"""One address for several desks: whose a request is, while they come and go."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt import BoltResponse
from slack_bolt.request import BoltRequest

from bot.desk.workspaces import HomeId
from bot.slack.lines import Doors, Entrance
from bot.slack.lines.shared import MOST_INSIDE
from bot.slack.parsing.workspace import installed_in, is_home
from bot.web import Paths, answer

ONE, TWO, ORG = HomeId("T0ONE00001"), HomeId("T0TWO00001"), HomeId("E0ORG00001")


def granted(team: str | None, organisation: str | None = None) -> list[dict[str, Any]]:
    """What an event says of the installation that it is for."""
    of_all = organisation is not None
    return [{"team_id": team, "enterprise_id": organisation, "is_enterprise_install": of_all}]


@pytest.mark.parametrize(
    ("payload", "named"),
    [
        ({"type": "event_callback", "team_id": TWO, "authorizations": granted(ONE)}, (ONE,)),
        ({"type": "event_callback", "team_id": TWO, "authorizations": granted(None, ORG)}, (ORG,)),
        ({"type": "event_callback", "team_id": TWO, "authorizations": []}, (TWO,)),
        ({"type": "event_callback", "team_id": TWO}, (TWO,)),
        ({"type": "app_rate_limited", "team_id": TWO}, (TWO,)),
        ({"type": "block_actions", "team": {"id": ONE}, "user": {"team_id": TWO}}, (ONE,)),
        ({"type": "block_actions", "team": {"id": ONE}, "enterprise": {"id": ORG}}, (ONE,)),
        ({"type": "block_actions", "team": None, "enterprise": {"id": ORG},
          "is_enterprise_install": True}, (ORG,)),
        ({"type": "block_actions", "team": {"id": ONE}, "enterprise": {"id": ORG},
          "is_enterprise_install": True}, (ORG,)),
        ({"type": "view_submission", "team": {"id": TWO}, "view": {"app_installed_team_id": ONE}},
         (ONE,)),
        ({"type": "view_submission", "team": {"id": TWO}, "enterprise": {"id": ORG},
          "is_enterprise_install": True, "view": {"app_installed_team_id": ONE}}, (ONE, ORG)),
        ({"type": "view_submission", "team": {"id": TWO}, "view": {"app_installed_team_id": ORG}},
         (ORG,)),
        ({"command": "/helpdesk", "team_id": ONE, "is_enterprise_install": "false"}, (ONE,)),
        ({"command": "/helpdesk", "team_id": ONE, "enterprise_id": ORG,
          "is_enterprise_install": "true"}, (ORG,)),
        ({"type": "event_callback", "authorizations": ["?"], "team_id": ONE}, ()),
        ({"type": "block_actions", "team": "T", "view": 3, "enterprise": []}, ()),
        ({}, ()),
    ],
)  # fmt: skip
def test_whose_a_payload_is(payload: dict[str, Any], named: tuple[str, ...]) -> None:
    """As Slack's own documents and threads have it."""
    assert installed_in(payload) == named


IDS = st.sampled_from([ONE, TWO, ORG, "", "T/../x", "T\ud800", "t0one", None, 3, [], {}])
PARTS = st.one_of(
    IDS, st.fixed_dictionaries({"id": IDS}), st.fixed_dictionaries({"app_installed_team_id": IDS})
)
PAYLOADS = st.dictionaries(
    st.sampled_from(
        ["type", "team", "team_id", "enterprise", "enterprise_id", "view", "user", "authorizations",
         "is_enterprise_install", "event", "command", "tokens"]
    ),
    st.one_of(
        PARTS,
        st.lists(
            st.fixed_dictionaries(
                {"team_id": IDS, "enterprise_id": IDS, "is_enterprise_install": st.booleans()}
            ),
            max_size=2,
        ),
        st.sampled_from(["event_callback", "block_actions", True, {"type": "app_uninstalled"},
                         {"type": "tokens_revoked", "tokens": {"bot": 3}}]),
    ),
)  # fmt: skip


@given(PAYLOADS)
def test_whatever_comes_is_answered_and_goes_to_one_desk_at_most(payload: dict[str, Any]) -> None:
    """And only to one that the payload itself names."""
    doors = Doors({ONE, TWO}.__contains__, lambda *_: None, lambda: True)
    desks = {home: Desk() for home in (ONE, TWO)}
    for home, desk in desks.items():
        Entrance(doors, home).line(desk.let_in, lambda: None, None).reopen()
    assert send(doors, payload).status == 200
    reached = [home for home, desk in desks.items() if desk.given]
    assert len(reached) <= 1
    assert all(home in repr(payload) for home in reached)
    assert all(is_home(each) for each in installed_in(payload))


class Desk:
    """A desk that remembers what it was given."""

    def __init__(self) -> None:
        """Nothing was."""
        self.given: list[Any] = []
        self.go_on = threading.Event()
        self.go_on.set()
        self.began = threading.Semaphore(0)

    def let_in(self, payload: dict[str, Any], _request: Any) -> BoltResponse:
        """Take a payload."""
        self.began.release()
        assert self.go_on.wait(5)
        self.given.append(payload)
        return BoltResponse(status=200)


@pytest.fixture
def ends() -> list[tuple[str, str]]:
    """What the house hears of ends."""
    return []


@pytest.fixture
def doors(ends: list[tuple[str, str]]) -> Doors:
    """Doors of two workspaces, whose desks are not open yet."""
    return Doors({ONE, TWO}.__contains__, lambda home, how: ends.append((home, how)), lambda: True)


def send(doors: Doors, payload: dict[str, Any]) -> BoltResponse:
    """Let Slack send something."""
    return doors.let_in(payload, lambda: BoltRequest(body=""))


def event(team: str, **inner: Any) -> dict[str, Any]:
    """An event for a workspace."""
    return {"type": "event_callback", "team_id": team, "event": {"type": "message", **inner}}


def test_a_desk_that_is_not_open_is_waited_for(doors: Doors) -> None:
    """Slack repeats what was answered with 503; what is for nobody it does not."""
    assert send(doors, event(ONE)).status == 503
    assert send(doors, event("T0NOBODY01")).status == 200
    desk = Desk()
    line = Entrance(doors, ONE).line(desk.let_in, lambda: None, None)
    assert line.session() is None
    line.reopen()
    assert line.session() == "http"
    assert send(doors, event(ONE)).status == 200
    assert send(doors, event(TWO)).status == 503
    line.close()
    assert send(doors, event(ONE)).status == 503
    assert len(desk.given) == 1


def test_who_is_inside_is_waited_for(doors: Doors) -> None:
    """A desk closes once nobody stores anything any more."""
    desk = Desk()
    line = Entrance(doors, ONE).line(desk.let_in, lambda: None, None)
    line.reopen()
    desk.go_on.clear()
    inside = threading.Thread(target=send, args=(doors, event(ONE)))
    inside.start()
    assert desk.began.acquire(timeout=5)
    closing = threading.Thread(target=line.close)
    closing.start()
    assert desk.given == []
    desk.go_on.set()
    closing.join(5)
    assert len(desk.given) == 1
    inside.join(5)


def test_a_desk_that_hangs_leaves_room_for_the_others(doors: Doors) -> None:
    """What one cannot take is refused, for Slack to repeat; another is let in as if alone."""
    stuck, other = Desk(), Desk()
    for home, desk in ((ONE, stuck), (TWO, other)):
        Entrance(doors, home).line(desk.let_in, lambda: None, None).reopen()
    stuck.go_on.clear()
    inside = [
        threading.Thread(target=send, args=(doors, event(ONE)), daemon=True)
        for _ in range(MOST_INSIDE)
    ]
    for each in inside:
        each.start()
        assert stuck.began.acquire(timeout=5)
    assert send(doors, event(ONE)).status == 503
    assert send(doors, event(TWO)).status == 200
    stuck.go_on.set()
    for each in inside:
        each.join(5)
    assert send(doors, event(ONE)).status == 200
    assert len(stuck.given) == MOST_INSIDE + 1


def test_slacks_own_questions_need_no_workspace(doors: Doors) -> None:
    """The address is looked at before anybody has installed the app."""
    told = send(doors, {"type": "url_verification", "challenge": "c0ffee"})
    assert (told.status, told.body) == (200, "c0ffee")
    assert send(doors, {"ssl_check": "1"}).status == 200


@pytest.mark.parametrize(
    ("inner", "heard"),
    [
        ({"type": "app_uninstalled"}, [(ONE, "uninstalled")]),
        ({"type": "tokens_revoked", "tokens": {"bot": ["U1"]}}, [(ONE, "token revoked")]),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}, [(ONE, "")]),
        ({"type": "tokens_revoked", "tokens": "?"}, [(ONE, "")]),
    ],
)
def test_ends_go_to_the_house(
    doors: Doors, ends: list[tuple[str, str]], inner: dict[str, Any], heard: list[Any]
) -> None:
    """Whether its desk is open or not; the desk never hears of it."""
    assert send(doors, {"type": "event_callback", "team_id": ONE, "event": inner}).status == 200
    assert ends == heard


def test_hooks_come_by_the_workspaces_own_path(doors: Doors) -> None:
    """What one workspace's systems tell reaches no other's hook of the same name."""
    told: list[tuple[str, str]] = []

    def hook_of(home: str) -> Any:
        async def hook(scope: Any, _receive: Any, send: Any) -> None:
            told.append((home, scope["path"]))
            await answer(send, 200, "ok\n")

        return hook

    for home in (ONE, TWO):
        Entrance(doors, home).line(Desk().let_in, lambda: None, hook_of(home)).reopen()
    paths = Paths({"/hooks/": doors.hooks})

    def ask(path: str) -> int:
        statuses: list[int] = []

        async def send(message: dict[str, Any]) -> None:
            statuses.extend([message["status"]] if "status" in message else [])

        async def receive() -> dict[str, Any]:
            return {"type": "http.disconnect"}

        asyncio.run(paths({"type": "http", "path": path, "method": "POST"}, receive, send))
        return statuses[0]

    assert ask(f"/hooks/{ONE}/pager") == 200
    assert told == [(ONE, "/hooks/pager")]
    for path in ("/hooks/pager", f"/hooks/{ONE}", f"/hooks/{ONE}/", "/hooks/T0NOBODY01/pager", "/"):
        assert ask(path) == 404
    assert len(told) == 1
