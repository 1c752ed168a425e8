"""Every Web API method, through slack_sdk's own client."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

import pytest
from slack_sdk.errors import SlackApiError

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.playground import Person, Playground

ANA, TOM, MEI = "U0ANA00001", "U0TOM00001", "U0MEI00001"
BOT, APP = "U0FRONT001", "A0FRONT001"
IT_HELP, GENERAL = "C0ITHELP01", "C0GENERAL1"
TEXT = {"type": "plain_text", "text": "Title"}


def test_api_test_answers_with_the_arguments(client: WebClient) -> None:
    """api.test echoes, and fails as asked."""
    assert client.api_test(foo="bar")["args"]["foo"] == "bar"
    with pytest.raises(SlackApiError, match="my_error"):
        client.api_test(error="my_error")


def test_auth_test_tells_the_bot_user(client: WebClient) -> None:
    """auth.test with the scopes in a header."""
    answer = client.auth_test()
    assert (answer["user_id"], answer["bot_id"]) == (BOT, "B0FRONT001")
    assert "chat:write" in answer.headers["x-oauth-scopes"]


def test_apps_connections_open_hands_out_a_websocket_address(
    client: WebClient, playground: Playground
) -> None:
    """apps.connections.open needs the app-level token."""
    answer = client.apps_connections_open(app_token=playground.app_token)
    assert answer["url"].startswith("ws://127.0.0.1:")


def test_bots_info_and_team_info(client: WebClient) -> None:
    """bots.info and team.info describe the app and the workspace."""
    assert client.bots_info(bot="B0FRONT001")["bot"]["app_id"] == APP
    assert client.team_info()["team"]["domain"] == "larkfield"


def test_a_message_is_posted_changed_linked_and_deleted(client: WebClient, ana: Person) -> None:
    """chat.postMessage, update, getPermalink and delete."""
    posted = client.chat_postMessage(channel=IT_HELP, text="one")
    assert posted["message"]["bot_id"] == "B0FRONT001"
    assert posted["message"]["app_id"] == APP
    ts = posted["ts"]
    changed = client.chat_update(channel=IT_HELP, ts=ts, text="two")
    assert changed["text"] == "two"
    seen = ana.sees("it-help")[0]
    assert (seen["text"], seen["edited"]["user"]) == ("two", BOT)
    link = client.chat_getPermalink(channel=IT_HELP, message_ts=ts)["permalink"]
    assert link.endswith(f"/archives/{IT_HELP}/p{ts.replace('.', '')}")
    client.chat_delete(channel=IT_HELP, ts=ts)
    assert ana.sees("it-help") == []


def test_a_message_can_go_to_a_channel_name_or_a_user(client: WebClient, ana: Person) -> None:
    """chat.postMessage takes `#name` and a user id."""
    assert client.chat_postMessage(channel="#it-help", text="hi")["channel"] == IT_HELP
    channel = client.chat_postMessage(channel=ANA, text="hi")["channel"]
    assert channel == ana.dm(BOT)
    assert ana.sees(channel)[0]["text"] == "hi"


def test_an_ephemeral_message_is_seen_by_one_person(client: WebClient, ana: Person) -> None:
    """chat.postEphemeral leaves nothing in the history."""
    client.chat_postEphemeral(channel=IT_HELP, user=ANA, text="psst")
    assert [m["text"] for m in ana.ephemerals("it-help")] == ["psst"]
    assert client.conversations_history(channel=IT_HELP)["messages"] == []


def test_replies_count_on_their_parent(client: WebClient) -> None:
    """A reply to a reply belongs to the thread; counts and users stand on the parent."""
    parent = client.chat_postMessage(channel=IT_HELP, text="parent")["ts"]
    reply = client.chat_postMessage(channel=IT_HELP, text="r1", thread_ts=parent)["ts"]
    client.chat_postMessage(channel=IT_HELP, text="r2", thread_ts=reply)
    thread = client.conversations_replies(channel=IT_HELP, ts=parent)["messages"]
    assert [m["text"] for m in thread] == ["parent", "r1", "r2"]
    assert (thread[0]["reply_count"], thread[0]["reply_users"]) == (2, [BOT])
    assert thread[0]["latest_reply"] == thread[2]["ts"]
    history = client.conversations_history(channel=IT_HELP)["messages"]
    assert [m["text"] for m in history] == ["parent"]


def test_a_broadcast_reply_is_in_the_channel_too(client: WebClient) -> None:
    """reply_broadcast makes a thread_broadcast."""
    parent = client.chat_postMessage(channel=IT_HELP, text="parent")["ts"]
    client.chat_postMessage(channel=IT_HELP, text="all", thread_ts=parent, reply_broadcast=True)
    history = client.conversations_history(channel=IT_HELP)["messages"]
    assert [(m["text"], m.get("subtype")) for m in history] == [
        ("all", "thread_broadcast"),
        ("parent", None),
    ]


def test_metadata_comes_back_only_when_asked_for(client: WebClient) -> None:
    """include_all_metadata on history and replies."""
    metadata = {"event_type": "outbox", "event_payload": {"id": "7"}}
    ts = client.chat_postMessage(channel=IT_HELP, text="x", metadata=metadata)["ts"]
    for ask in (client.conversations_history, client.conversations_replies):
        plain = ask(channel=IT_HELP, ts=ts)["messages"][0]
        assert "metadata" not in plain
        full = ask(channel=IT_HELP, ts=ts, include_all_metadata=True)["messages"][0]
        assert full["metadata"] == metadata


def test_history_pages_backwards_with_cursors(client: WebClient) -> None:
    """conversations.history: newest first, cursor, oldest, latest, inclusive."""
    stamps = [client.chat_postMessage(channel=IT_HELP, text=str(n))["ts"] for n in range(5)]
    pages = [
        [m["text"] for m in page["messages"]]
        for page in client.conversations_history(channel=IT_HELP, limit=2)
    ]
    assert pages == [["4", "3"], ["2", "1"], ["0"]]
    between = client.conversations_history(channel=IT_HELP, oldest=stamps[1], latest=stamps[3])
    assert [m["text"] for m in between["messages"]] == ["2"]
    inclusive = client.conversations_history(
        channel=IT_HELP, oldest=stamps[1], latest=stamps[3], inclusive=True
    )
    assert [m["text"] for m in inclusive["messages"]] == ["3", "2", "1"]


def test_replies_page_forwards_with_the_parent_in_front(client: WebClient) -> None:
    """conversations.replies with a limit."""
    parent = client.chat_postMessage(channel=IT_HELP, text="p")["ts"]
    for n in range(3):
        client.chat_postMessage(channel=IT_HELP, text=str(n), thread_ts=parent)
    pages = [
        [m["text"] for m in page["messages"]]
        for page in client.conversations_replies(channel=IT_HELP, ts=parent, limit=2)
    ]
    assert pages == [["p", "0", "1"], ["p", "2"]]


def test_channels_are_listed_described_and_paged(client: WebClient) -> None:
    """conversations.list, info and members; users.conversations."""
    names = [
        channel["name"]
        for page in client.conversations_list(limit=2)
        for channel in page["channels"]
    ]
    assert names == ["general", "it-help", "l2-support", "l3-engineering"]
    described = client.conversations_info(channel=IT_HELP, include_num_members=True)["channel"]
    assert (described["is_member"], described["num_members"]) == (True, 7)
    members = [m for page in client.conversations_members(channel=IT_HELP, limit=3)
               for m in page["members"]]  # fmt: skip
    assert len(members) == 7
    own = client.users_conversations()["channels"]
    assert "general" not in [channel["name"] for channel in own]
    ims = client.conversations_list(types="im")["channels"]
    assert {channel["user"] for channel in ims} >= {ANA, TOM}


def test_conversations_are_opened_created_and_joined(client: WebClient, ana: Person) -> None:
    """conversations.open, create and join."""
    im = client.conversations_open(users=[ANA], return_im=True)["channel"]
    assert (im["user"], im["is_im"]) == (ANA, True)
    group = client.conversations_open(users=[ANA, TOM])["channel"]["id"]
    assert client.conversations_open(users=[TOM, ANA])["channel"]["id"] == group
    made = client.conversations_create(name="incident-7")["channel"]
    assert made["is_member"]
    assert client.conversations_join(channel=GENERAL)["channel"]["is_member"]
    assert client.conversations_join(channel=GENERAL)["warning"] == "already_in_channel"
    assert ana.sees("general")[0]["subtype"] == "channel_join"


def test_people_are_listed_and_described(client: WebClient) -> None:
    """users.list and users.info."""
    assert {user["id"] for user in client.users_list()["members"]} >= {ANA, TOM, BOT}
    ana = client.users_info(user=ANA)["user"]
    assert (ana["real_name"], ana["tz"]) == ("Ana Ribeiro", "Europe/Lisbon")
    assert ana["profile"]["email"] == "ana.ribeiro@larkfield.example"
    assert client.users_info(user=BOT)["user"]["profile"]["api_app_id"] == APP


def test_user_groups_are_listed_and_changed(client: WebClient) -> None:
    """usergroups.list, users.list and users.update."""
    groups = client.usergroups_list(include_users=True)["usergroups"]
    assert {g["handle"]: g["users"] for g in groups}["l2-oncall"] == [MEI, "U0JONAS001"]
    client.usergroups_users_update(usergroup="S0L2ONCALL", users=[MEI])
    assert client.usergroups_users_list(usergroup="S0L2ONCALL")["users"] == [MEI]


def test_messages_are_marked_with_reactions_and_pins(client: WebClient, ana: Person) -> None:
    """reactions.add, get and remove; pins.add."""
    ts = client.chat_postMessage(channel=IT_HELP, text="x")["ts"]
    client.reactions_add(channel=IT_HELP, timestamp=ts, name="eyes")
    ana.react("it-help", ts, "eyes")
    got = client.reactions_get(channel=IT_HELP, timestamp=ts)["message"]["reactions"]
    assert got == [{"name": "eyes", "users": [BOT, ANA], "count": 2}]
    client.reactions_remove(channel=IT_HELP, timestamp=ts, name="eyes")
    client.pins_add(channel=IT_HELP, timestamp=ts)
    assert ana.sees("it-help")[0]["reactions"] == [{"name": "eyes", "users": [ANA], "count": 1}]
    with pytest.raises(SlackApiError, match="already_pinned"):
        client.pins_add(channel=IT_HELP, timestamp=ts)


def test_an_app_home_is_published_again_and_again(client: WebClient, ana: Person) -> None:
    """views.publish keeps the view's id and guards it with its hash."""
    view = {"type": "home", "blocks": [{"type": "header", "text": TEXT}]}
    first = client.views_publish(user_id=ANA, view=view)["view"]
    second = client.views_publish(user_id=ANA, view=view, hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    home = ana.home()
    assert home is not None
    assert home["blocks"][0]["text"]["text"] == "Title"
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_publish(user_id=ANA, view=view, hash=first["hash"])


def test_a_file_is_uploaded_in_three_steps(client: WebClient, ana: Person) -> None:
    """files.getUploadURLExternal, the upload itself, completeUploadExternal, info."""
    done = client.files_upload_v2(
        channel=IT_HELP, filename="log.txt", content="line", initial_comment="the log"
    )
    file_id = done["files"][0]["id"]
    assert client.files_info(file=file_id)["file"]["size"] == 4
    seen = ana.sees("it-help")[0]
    assert (seen["text"], seen["subtype"]) == ("the log", "file_share")
    with urllib.request.urlopen(seen["files"][0]["url_private"]) as response:
        assert response.read() == b"line"


def test_an_agent_shows_status_prompts_and_title(
    client: WebClient, ana: Person, playground: Playground
) -> None:
    """assistant.threads.setStatus, setSuggestedPrompts and setTitle."""
    dm = ana.dm(BOT)
    ts = ana.say(dm, "hello")
    client.assistant_threads_setStatus(channel_id=dm, thread_ts=ts, status="is looking")
    client.assistant_threads_setSuggestedPrompts(
        channel_id=dm, prompts=[{"title": "VPN", "message": "The VPN drops"}]
    )
    client.assistant_threads_setTitle(channel_id=dm, thread_ts=ts, title="VPN")
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        client.assistant_threads_setSuggestedPrompts(
            channel_id=dm, prompts=[{"title": "x", "message": "y"}] * 5
        )
