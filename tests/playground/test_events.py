"""The events that the app gets, in the shapes that others have typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk import WebClient

    from bot.playground import Person, Playground

validation = pytest.importorskip("slack_events.validation")
payloads = pytest.importorskip("slack_events.payloads")

ANA, TOM, BOT = "U0ANA00001", "U0TOM00001", "U0FRONT001"
IT_HELP, GENERAL = "C0ITHELP01", "C0GENERAL1"


def checked(payload: dict[str, Any]) -> dict[str, Any]:
    """The event of a payload that the envelope's and the event's models accept.

    The event itself must have every field that its model requires; messages inside it
    (`message`, `previous_message`, `root`) are typed there as events, which they are not.
    """
    event: dict[str, Any] = payload["event"]
    _accepts(payloads.EventCallbackEnvelope, payload)
    model = validation.payload_type_for(event["type"], event.get("subtype"))
    assert model is not None, f"no model for {event['type']}"
    _accepts(model, event)
    return event


def _accepts(model: Any, value: dict[str, Any]) -> None:
    try:
        validation.get_adapter(model).validate_python(value)
    except validation.ValidationError as error:
        if any(len(found["loc"]) == 1 for found in error.errors()):
            raise
        if not validation._lenient_ok(error):
            raise


def test_a_persons_message_has_all_that_slack_sends(
    raw_app: Callable[[], Any], ana: Person
) -> None:
    """client_msg_id, team, blocks, channel_type; the envelope with authorizations."""
    app = raw_app()
    ts = ana.say("it-help", "hello *there* @mei see https://larkfield.example/a?b=1&c=2 :wave:")
    payload = app.take()
    event = checked(payload)
    assert event["ts"] == event["event_ts"] == ts
    assert (event["channel"], event["channel_type"]) == (IT_HELP, "channel")
    assert len(event["client_msg_id"]) == 36
    assert event["text"] == (
        "hello *there* <@U0MEI00001> see <https://larkfield.example/a?b=1&amp;c=2> :wave:"
    )
    elements = event["blocks"][0]["elements"][0]["elements"]
    assert [e["type"] for e in elements] == [
        "text", "text", "text", "user", "text", "link", "text", "emoji",
    ]  # fmt: skip
    assert payload["api_app_id"] == "A0FRONT001"
    assert payload["team_id"] == "T0LARK0001"
    assert payload["authorizations"][0]["user_id"] == BOT


def test_event_ids_are_unique(raw_app: Callable[[], Any], ana: Person) -> None:
    """A mention arrives twice, as message and as app_mention, under two ids."""
    app = raw_app()
    ts = ana.say("it-help", "@frontline help")
    first, second = app.take(), app.take()
    assert [checked(p)["type"] for p in (first, second)] == ["message", "app_mention"]
    assert first["event_id"] != second["event_id"]
    assert second["event"]["ts"] == ts
    assert "channel_type" not in second["event"]


def test_direct_messages_are_of_type_im(raw_app: Callable[[], Any], ana: Person) -> None:
    """message.im, and no app_mention there."""
    app = raw_app()
    dm = ana.dm(BOT)
    opened = checked(app.take())
    assert (opened["type"], opened["tab"]) == ("app_home_opened", "messages")
    ana.say(dm, "@frontline hi")
    assert checked(app.take())["channel_type"] == "im"
    ana.say("it-help", "next")
    assert checked(app.take())["text"] == "next"


def test_edits_and_deletions_are_messages_with_a_subtype(
    raw_app: Callable[[], Any], ana: Person
) -> None:
    """message_changed with both versions, message_deleted with the previous one."""
    app = raw_app()
    ts = ana.say("it-help", "one")
    app.take()
    ana.edit("it-help", ts, "two")
    changed = checked(app.take())
    assert (changed["subtype"], changed["hidden"]) == ("message_changed", True)
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("two", "one")
    assert changed["message"]["edited"]["user"] == ANA
    ana.delete("it-help", ts)
    deleted = checked(app.take())
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)


def test_a_deleted_parent_leaves_a_tombstone(raw_app: Callable[[], Any], ana: Person) -> None:
    """The thread stays reachable."""
    app = raw_app()
    ts = ana.say("it-help", "parent")
    ana.say("it-help", "reply", ts)
    ana.delete("it-help", ts)
    reply = [checked(app.take()), checked(app.take())][1]
    assert reply["parent_user_id"] == ANA
    changed = app.take()["event"]
    assert changed["message"]["subtype"] == "tombstone"
    assert [m["text"] for m in ana.thread("it-help", ts)] == ["This message was deleted.", "reply"]


def test_a_broadcast_reply_carries_its_root(raw_app: Callable[[], Any], ana: Person) -> None:
    """thread_broadcast."""
    app = raw_app()
    ts = ana.say("it-help", "parent")
    app.take()
    ana.say("it-help", "for all", ts, broadcast=True)
    event = checked(app.take())
    assert (event["subtype"], event["root"]["ts"]) == ("thread_broadcast", ts)


def test_the_apps_own_messages_come_back(raw_app: Callable[[], Any], client: WebClient) -> None:
    """With bot_id, app_id, profile and metadata."""
    app = raw_app()
    metadata = {"event_type": "outbox", "event_payload": {"id": "1"}}
    client.chat_postMessage(channel=IT_HELP, text="mine", metadata=metadata)
    event = checked(app.take())
    assert (event["bot_id"], event["app_id"]) == ("B0FRONT001", "A0FRONT001")
    assert event["metadata"] == metadata


def test_membership_reactions_and_groups_are_told(
    raw_app: Callable[[], Any], ana: Person, client: WebClient
) -> None:
    """member_joined_channel, reaction_added, subteam_members_changed, app_home_opened."""
    app = raw_app()
    client.conversations_join(channel=GENERAL)
    joined = app.event("member_joined_channel")
    assert (joined["user"], joined["channel"]) == (BOT, GENERAL)
    ts = ana.say("it-help", "x")
    ana.react("it-help", ts, "eyes")
    reacted = app.event("reaction_added")
    assert (reacted["item"]["ts"], reacted["item_user"]) == (ts, ANA)
    ana.control("group", usergroup="S0L2ONCALL", users=[TOM])
    changed = app.event("subteam_members_changed")
    assert (changed["added_users"], changed["removed_users_count"]) == ([TOM], 2)
    ana.open_home()
    assert app.event("app_home_opened")["tab"] == "home"


def test_channels_without_the_app_stay_unheard(raw_app: Callable[[], Any], ana: Person) -> None:
    """Nothing from #general, and no mention either."""
    app = raw_app()
    ana.say("general", "@frontline are you here?")
    ana.say("it-help", "heard")
    assert app.take()["event"]["text"] == "heard"


def test_messages_come_from_every_type_of_channel(
    raw_app: Callable[[], Any], ana: Person, client: WebClient
) -> None:
    """A private channel is a `group`, several people are an `mpim`."""
    app = raw_app()
    private = client.conversations_create(name="secret", is_private=True)["channel"]["id"]
    ana.control("member", channel=private, user=ANA)
    assert app.event("member_joined_channel")["channel_type"] == "G"
    ana.say(private, "x")
    assert app.event("message")["channel_type"] == "group"
    several = client.conversations_open(users=[ANA, TOM])["channel"]["id"]
    ana.say(several, "y")
    assert app.event("message")["channel_type"] == "mpim"


def test_only_subscribed_events_are_sent(
    raw_app: Callable[[], Any], ana: Person, playground: Playground
) -> None:
    """The manifest's bot_events and scopes decide."""
    playground.control(
        "manifest",
        manifest={
            "oauth_config": {"scopes": {"bot": ["channels:history", "app_mentions:read"]}},
            "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}},
        },
    )
    app = raw_app()
    ana.say("it-help", "unheard")
    ana.say("it-help", "@frontline heard")
    assert checked(app.take())["type"] == "app_mention"


def test_interactions_have_the_shapes_that_others_typed(
    raw_app: Callable[[], Any],
    ana: Person,
    client: WebClient,
    in_background: Callable[..., Any],
) -> None:
    """block_actions, view_submission, view_closed and a slash command, strictly validated."""
    app = raw_app()
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "elements": [button]}]
    ts = client.chat_postMessage(channel=IT_HELP, text="x", blocks=blocks)["ts"]
    app.take()
    pressed = in_background(ana.press, "it-help", ts, "go")
    action = app.take()
    pressed.result()
    # Slack sends null for an organisation that is not there; the model knows only its absence.
    assert action.pop("enterprise") is None
    validation.get_adapter(payloads.BlockActionsPayload).validate_python(action)
    view = {
        "type": "modal",
        "callback_id": "c",
        "notify_on_close": True,
        "title": {"type": "plain_text", "text": "T"},
        "blocks": [],
    }
    client.views_open(trigger_id=action["trigger_id"], view=view)
    submitted = in_background(ana.submit)
    envelope = app.receive()
    validation.get_adapter(payloads.ViewSubmissionPayload).validate_python(envelope["payload"])
    app.ack(envelope, {"response_action": "errors", "errors": {"x": "no"}})
    assert submitted.result() == {"x": "no"}
    closed = in_background(ana.close_modal)
    validation.get_adapter(payloads.ViewClosedPayload).validate_python(app.take())
    closed.result()
    commanded = in_background(ana.command, "it-help", "/helpdesk mine")
    validation.get_adapter(payloads.SlashCommandPayload).validate_python(app.take())
    commanded.result()
