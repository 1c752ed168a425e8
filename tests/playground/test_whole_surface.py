"""Uploads, streams, assistants, channels, pins and guests, as Slack has them."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt import App, Assistant
from slack_sdk.errors import SlackApiError

from tests.playground.conftest import ANA, GENERAL, IT_HELP, MEI, TOM

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt.adapter.socket_mode import SocketModeHandler
    from slack_sdk import WebClient

    from bot.playground import Person, Playground
    from tests.playground.bare_app import RawApp

EVERYTHING = [
    "channel_archive", "channel_created", "channel_rename", "file_shared", "pin_added",
    "message_metadata_posted", "user_change", "subteam_created", "member_left_channel",
    "app_mention", "message.channels", "message.im", "assistant_thread_started",
    "assistant_thread_context_changed",
]  # fmt: skip


def installed(playground: Playground, **features: Any) -> None:
    """An app that subscribes to everything."""
    scopes = list(playground.seed.bot.scopes)
    manifest = {
        "features": features,
        "oauth_config": {"scopes": {"bot": scopes}},
        "settings": {"event_subscriptions": {"bot_events": EVERYTHING}},
    }
    playground.control("manifest", manifest=manifest)


def sent(playground: Playground, kind: str) -> list[dict[str, Any]]:
    """The events of a kind that went to the app."""
    bodies = (e["envelope"]["payload"] for e in playground.record() if e["kind"] == "envelope")
    return [b["event"] for b in bodies if b.get("event", {}).get("type") == kind]


def multipart(content: bytes, boundary: str) -> bytes:
    """A body as `curl -F` makes it."""
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\n\r\n'
    return head.encode() + content + f"\r\n--{boundary}--\r\n".encode()


@pytest.mark.parametrize(
    "content",
    [
        b"plain",
        b"\x00\xff\r\n\r\n",
        b"--b0",
        b"ends with a line\r\n",
        b"\r\n--other\r\n",
        b"x" * 9999,
    ],
)
@pytest.mark.parametrize("is_multipart", [True, False])
def test_the_bytes_of_an_upload_arrive_as_they_are(
    client: WebClient, playground: Playground, content: bytes, is_multipart: bool
) -> None:
    """Without the boundary of a multipart body."""
    told = client.files_getUploadURLExternal(filename="a.bin", length=len(content))
    body = multipart(content, "b0-x") if is_multipart else content
    kind = "multipart/form-data; boundary=b0-x" if is_multipart else "application/octet-stream"
    request = urllib.request.Request(told["upload_url"], body, {"Content-Type": kind})
    urllib.request.urlopen(request)
    file = client.files_completeUploadExternal(files=[{"id": told["file_id"]}])["files"][0]
    with urllib.request.urlopen(file["url_private"]) as answer:
        assert answer.read() == content


def test_an_upload_of_another_length_is_refused(client: WebClient) -> None:
    """`length` is a promise."""
    told = client.files_getUploadURLExternal(filename="a.txt", length=5)
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(told["upload_url"], b"six by")


def test_an_answer_is_streamed_into_a_thread(client: WebClient, ana: Person) -> None:
    """slack_sdk's own helper."""
    ts = ana.say("it-help", "hello")
    stream = client.chat_stream(channel=IT_HELP, thread_ts=ts, recipient_team_id="T0LARK",
                                recipient_user_id=ANA, buffer_size=1)  # fmt: skip
    stream.append(markdown_text="**one** ")
    task = {"type": "task_update", "id": "1", "title": "Look", "status": "in_progress"}
    stream.append(chunks=[task])
    stream.append(chunks=[{**task, "status": "complete"}])
    stream.stop(markdown_text="two")
    reply = ana.thread("it-help", ts)[-1]
    assert [block["type"] for block in reply["blocks"]] == ["markdown", "task_card", "markdown"]
    assert reply["blocks"][1]["status"] == "complete"
    with pytest.raises(SlackApiError, match="message_not_in_streaming_state"):
        client.chat_appendStream(channel=IT_HELP, ts=reply["ts"], markdown_text="late")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"thread_ts": "1.2"}, "invalid_thread_ts"),
        ({"recipient_team_id": ""}, "missing_recipient_team_id"),
        ({"recipient_user_id": ""}, "missing_recipient_user_id"),
        ({"chunks": [{"type": "song"}]}, "invalid_chunks"),
        ({"chunks": [{"type": "task_update", "id": "1"}]}, "invalid_chunks"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"task_display_mode": "wild"}, "invalid_arguments"),
    ],
)
def test_what_cannot_be_streamed(
    client: WebClient, ana: Person, wrong: dict[str, Any], error: str
) -> None:
    """Refused with Slack's word."""
    right = {"channel": IT_HELP, "thread_ts": ana.say("it-help", "hello"),
             "recipient_team_id": "T0LARK", "recipient_user_id": ANA}  # fmt: skip
    with pytest.raises(SlackApiError, match=error):
        client.api_call("chat.startStream", json=right | wrong)


def test_channels_are_managed_and_the_app_is_told(
    client: WebClient, playground: Playground, raw_app: Callable[[], RawApp], ana: Person
) -> None:
    """Made, renamed, described, filled, emptied, closed."""
    installed(playground)
    raw_app()
    made = client.conversations_create(name="war-room")["channel"]["id"]
    client.conversations_setTopic(channel=made, topic="The outage")
    client.conversations_setPurpose(channel=made, purpose="To end it")
    client.conversations_invite(channel=made, users=[ANA, TOM])
    client.conversations_kick(channel=made, user=TOM)
    client.conversations_rename(channel=made, name="war-room-2")
    told = client.conversations_info(channel=made)["channel"]
    assert (told["name"], told["topic"]["value"]) == ("war-room-2", "The outage")
    client.conversations_archive(channel=made)
    with pytest.raises(SlackApiError, match="is_archived"):
        client.chat_postMessage(channel=made, text="anybody?")
    kinds = ("channel_created", "channel_rename", "channel_archive", "member_left_channel")
    ana.wait_for(lambda: [len(sent(playground, kind)) for kind in kinds] == [1, 1, 1, 1])


@pytest.mark.parametrize(
    ("method", "given", "error"),
    [
        ("conversations.archive", {"channel": GENERAL}, "cant_archive_general|not_in_channel"),
        ("conversations.kick", {"channel": IT_HELP, "user": "U0FRONT001"}, "cant_kick_self"),
        ("conversations.kick", {"channel": IT_HELP, "user": "U9"}, "user_not_found"),
        ("conversations.invite", {"channel": IT_HELP, "users": ANA}, "already_in_channel"),
        ("conversations.rename", {"channel": IT_HELP, "name": "Bad Name"}, "invalid_name_specials"),
        ("conversations.setTopic", {"channel": IT_HELP, "topic": "x" * 251}, "too_long"),
        ("conversations.mark", {"channel": IT_HELP, "ts": "now"}, "invalid_timestamp"),
        ("users.lookupByEmail", {"email": "no@body.example"}, "users_not_found"),
        ("users.profile.get", {"user": "U9"}, "user_not_found"),
        ("usergroups.create", {}, "invalid_arguments"),
        ("pins.remove", {"channel": IT_HELP, "timestamp": "1.2"}, "message_not_found"),
        ("files.delete", {"file": "F9"}, "file_not_found"),
        ("chat.postMessage", {"channel": IT_HELP, "text": "a", "markdown_text": "b"},
         "markdown_text_conflict"),
        ("chat.meMessage", {"channel": IT_HELP}, "no_text"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_refused_in_slacks_words(
    client: WebClient, method: str, given: dict[str, Any], error: str
) -> None:
    """One code for each."""
    with pytest.raises(SlackApiError, match=error):
        client.api_call(method, json=given)


def test_marks_groups_people_and_emoji(client: WebClient, ana: Person) -> None:
    """Pins, reactions, user groups, profiles."""
    ts = ana.say("it-help", "hello")
    client.pins_add(channel=IT_HELP, timestamp=ts)
    assert client.pins_list(channel=IT_HELP)["items"][0]["message"]["ts"] == ts
    client.pins_remove(channel=IT_HELP, timestamp=ts)
    client.reactions_add(channel=IT_HELP, timestamp=ts, name="eyes")
    assert [one["message"]["ts"] for one in client.reactions_list()["items"]] == [ts]
    group = client.usergroups_create(name="Night shift")["usergroup"]
    client.usergroups_update(usergroup=group["id"], description="After six")
    assert client.usergroups_list()["usergroups"][-1]["description"] == "After six"
    assert client.users_profile_get(user=ANA)["profile"]["real_name"]
    assert "frontline" in client.emoji_list()["emoji"]
    client.chat_meMessage(channel=IT_HELP, text="is looking")
    client.chat_postMessage(channel=IT_HELP, markdown_text="**bold**")
    assert [one.get("subtype") for one in ana.sees("it-help")][-2:] == ["me_message", None]


@pytest.mark.parametrize(
    ("features", "named"),
    [
        ({"slash_commands": [{"description": "x"}]}, r"slash_commands\[0\] has no `command`"),
        ({"shortcuts": [{"name": "x"}]}, r"shortcuts\[0\] has no `callback_id`"),
        ({"shortcuts": [{"callback_id": "x"}]}, r"shortcuts\[0\] has no `name`"),
        ({"shortcuts": ["x"]}, r"shortcuts\[0\] must be an object"),
        ({"agent_view": {"suggested_prompts": [{"title": "x"}]}}, r"\[0\] has no `message`"),
        ({"agent_view": {}, "assistant_view": {}}, "both"),
    ],
)
def test_a_manifest_entry_without_its_name_is_refused_in_words(
    playground: Playground, features: dict[str, Any], named: str
) -> None:
    """It says which entry, and what is missing."""
    with pytest.raises(Exception, match=named):
        installed(playground, **features)


def test_an_edit_that_adds_the_mention_calls_the_app(
    playground: Playground, ana: Person, raw_app: Callable[[], RawApp]
) -> None:
    """Once; a later edit does not call again."""
    installed(playground)
    raw_app()
    ts = ana.say("it-help", "the printer")
    ana.edit("it-help", ts, "@frontline the printer")
    ana.edit("it-help", ts, "@frontline the printer!")
    mentions = ana.wait_for(lambda: sent(playground, "app_mention"))
    assert [event["ts"] for event in mentions] == [ts]
    assert "edited" in mentions[0]


def test_strangers_and_organisations_are_told_in_the_payload(
    playground: Playground, person: Callable[[str], Person], raw_app: Callable[[], RawApp]
) -> None:
    """Slack Connect, and an app that is installed for an organisation."""
    installed(playground)
    raw_app()
    playground.control("person", user=MEI, team="T0OTHER")
    playground.control("member", channel="it-help", user=MEI)
    playground.control("org", id="E0ORG", name="Group")
    mei = person(MEI)
    mei.say("it-help", "hello from outside")

    def said() -> list[dict[str, Any]]:
        bodies = (e["envelope"]["payload"] for e in playground.record() if e["kind"] == "envelope")
        return [b for b in bodies if b["event"].get("text") == "hello from outside"]

    body = mei.wait_for(said)[0]
    assert body["event"]["user_team"] == "T0OTHER"
    assert body["is_ext_shared_channel"]
    assert body["authorizations"][0]["is_enterprise_install"]
    assert body["enterprise_id"] == "E0ORG"


def test_an_assistant_after_slacks_template_answers_in_its_thread(
    playground: Playground, app: App, ana: Person,
    connect: Callable[[App], SocketModeHandler],
) -> None:  # fmt: skip
    """Bolt's Assistant middleware: greeting, prompts, context, status, streamed answer."""
    installed(playground, assistant_view={"assistant_description": "Helps"})
    assistant = Assistant()
    contexts: list[str] = []

    @assistant.thread_started
    def started(say: Any, set_suggested_prompts: Any, get_thread_context: Any) -> None:
        say("How can I help?")
        contexts.append(get_thread_context().channel_id)
        set_suggested_prompts(prompts=[{"title": "VPN", "message": "How do I connect?"}])

    @assistant.user_message
    def asked(payload: dict[str, Any], set_status: Any, set_title: Any, say_stream: Any) -> None:
        set_status("thinking...", loading_messages=["Looking"])
        set_title(payload["text"])
        stream = say_stream()
        stream.append(markdown_text="An *answer*")
        stream.stop()

    app.use(assistant)
    connect(app)
    opened = ana.act("assistant", channel=IT_HELP)
    channel, ts = opened["channel"], opened["ts"]
    ana.wait_for(lambda: len(ana.thread(channel, ts)) == 2)
    ana.say(channel, "How?", ts)
    ana.wait_for(lambda: ana.thread(channel, ts)[-1]["text"] == "An *answer*")
    assert contexts == [IT_HELP]
    assert ana.thread(channel, ts)[0]["text"] == "How?"
