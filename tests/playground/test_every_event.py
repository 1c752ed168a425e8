"""Each event that the local workspace sends: what makes it, and that it is sent once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.playground.happening.posting import EVENTS
from tests.playground.conftest import ANA, IT_HELP

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk import WebClient

    from bot.playground import Person, Playground
    from tests.playground.bare_app import RawApp

ROOM = "a-room"


def do(playground: Playground, what: str, **given: object) -> None:
    """Do something to the room."""
    playground.control("channel", channel=ROOM, do=what, user=ANA, **given)


def made(playground: Playground, client: WebClient, *, private: bool) -> None:
    """Make a room with the app in it."""
    bot = playground.seed.bot.user_id
    playground.control("channel", do="create", name=ROOM, user=ANA, is_private=private)
    playground.control("member", channel=ROOM, user=bot)


def public(playground: Playground, client: WebClient, ana: Person) -> None:
    """A public channel closes and opens again."""
    made(playground, client, private=False)
    do(playground, "archive")
    do(playground, "unarchive")


def private(playground: Playground, client: WebClient, ana: Person) -> None:
    """A private channel is renamed, closes and opens again."""
    made(playground, client, private=True)
    do(playground, "archive")
    do(playground, "unarchive")
    do(playground, "rename", name="another-room")


def file_gone(playground: Playground, client: WebClient, ana: Person) -> None:
    """A file is deleted."""
    told = client.files_upload_v2(content="words", filename="a.txt", channel=IT_HELP)
    client.files_delete(file=told["file"]["id"])


def unpinned(playground: Playground, client: WebClient, ana: Person) -> None:
    """A pin is taken out."""
    ts = ana.say("it-help", "keep this")
    client.pins_add(channel=IT_HELP, timestamp=ts)
    client.pins_remove(channel=IT_HELP, timestamp=ts)


def unreacted(playground: Playground, client: WebClient, ana: Person) -> None:
    """A reaction is taken back."""
    ts = ana.say("it-help", "nice")
    ana.react("it-help", ts, "eyes")
    ana.react("it-help", ts, "eyes", remove=True)


def described(playground: Playground, client: WebClient, ana: Person) -> None:
    """A user group is described anew."""
    group = client.usergroups_list()["usergroups"][0]["id"]
    client.usergroups_update(usergroup=group, description="After six")


@pytest.mark.parametrize(
    ("event", "doing"),
    [
        ("channel_unarchive", public),
        ("group_archive", private),
        ("group_unarchive", private),
        ("group_rename", private),
        ("file_deleted", file_gone),
        ("pin_removed", unpinned),
        ("reaction_removed", unreacted),
        ("subteam_updated", described),
    ],
)
def test_an_event_is_sent_once(  # noqa: PLR0917  (fixtures and parameters)
    playground: Playground, client: WebClient, ana: Person, raw_app: Callable[[], RawApp],
    event: str, doing: Callable[[Playground, WebClient, Person], None],
) -> None:  # fmt: skip
    """To an app that subscribes to it, and knows where it was."""
    scopes = list(playground.seed.bot.scopes)
    settings = {"event_subscriptions": {"bot_events": list(EVENTS)}}
    playground.control(
        "manifest", manifest={"oauth_config": {"scopes": {"bot": scopes}}, "settings": settings}
    )
    raw_app()
    doing(playground, client, ana)

    def sent() -> list[dict[str, object]]:
        bodies = (e["envelope"]["payload"] for e in playground.record() if e["kind"] == "envelope")
        return [b["event"] for b in bodies if b.get("event", {}).get("type") == event]

    (told,) = ana.wait_for(sent)
    assert told["event_ts"]
