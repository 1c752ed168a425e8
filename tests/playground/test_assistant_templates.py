"""The sequences of calls that Slack's published agent templates make, in code of our own.

The templates themselves were run unchanged: docs/how-to/workspace.md says which, and how.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slack_bolt import App, Assistant
from slack_sdk.errors import SlackApiError

from tests.playground.conftest import ANA, BOT, GENERAL, IT_HELP

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt.adapter.socket_mode import SocketModeHandler
    from slack_sdk import WebClient

    from bot.playground import Person, Playground

Json = dict[str, Any]

FEEDBACK = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "feedback",
            "positive_button": {"text": {"type": "plain_text", "text": "Yes"}, "value": "good"},
            "negative_button": {"text": {"type": "plain_text", "text": "No"}, "value": "bad"},
        }
    ],
}
PLANNED = [
    [
        {"type": "markdown_text", "text": "I *see*. "},
        {"type": "task_update", "id": "1", "title": "Read it", "status": "in_progress"},
        {"type": "task_update", "id": "2", "title": "Write it", "status": "pending"},
    ],
    [
        {"type": "plan_update", "title": "Half done"},
        {"type": "task_update", "id": "1", "title": "Read it", "status": "complete", "output": "!"},
    ],
]


def install(playground: Playground, events: list[str], **features: Any) -> None:
    """Install an app with the scopes that the templates ask for."""
    scopes = (
        "app_mentions:read assistant:write channels:history channels:join chat:write "
        "groups:history im:history im:write reactions:write"
    ).split()
    playground.control("manifest", manifest={
        "features": features,
        "oauth_config": {"scopes": {"bot": scopes}},
        "settings": {"event_subscriptions": {"bot_events": events}},
    })  # fmt: skip


def thank_on_feedback(app: App) -> None:
    """A press of a feedback button gets a private word in the answer's thread."""

    @app.action("feedback")
    def feedback(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        client.chat_postEphemeral(
            channel=body["channel"]["id"], user=body["user"]["id"],
            thread_ts=body["message"]["ts"], text=body["actions"][0]["value"],
        )  # fmt: skip


def assistant_in_threads() -> Assistant:
    """Greets, remembers the channel that is looked at, sums it up, and streams its thoughts."""
    assistant = Assistant()

    @assistant.thread_started
    def started(say: Any, set_suggested_prompts: Any, get_thread_context: Any) -> None:
        say("How can I help?")
        beside = get_thread_context()
        titles = ["Think", *(["Sum up"] if beside and beside.channel_id else [])]
        set_suggested_prompts(
            title="Start here", prompts=[{"title": one, "message": one} for one in titles]
        )

    @assistant.user_message
    def asked(  # noqa: PLR0917  (Bolt hands arguments by their names)
        payload: Json, client: WebClient, say: Any, set_status: Any, get_thread_context: Any,
        say_stream: Any,
    ) -> None:  # fmt: skip
        set_status("thinking...", loading_messages=["Untangling cables"])
        if payload["text"] == "Sum up":
            beside = get_thread_context()["channel_id"]
            try:
                found = client.conversations_history(channel=beside, limit=50)
            except SlackApiError:
                client.conversations_join(channel=beside)
                found = client.conversations_history(channel=beside, limit=50)
            say(f"{len(found['messages'])} in <#{beside}>")
            return
        stream = say_stream(task_display_mode="plan")
        for chunks in PLANNED:
            stream.append(chunks=chunks)
        done = {"type": "task_update", "id": "2", "title": "Write it", "status": "complete"}
        stream.stop(chunks=[done], blocks=[FEEDBACK])

    return assistant


def test_an_assistant_follows_its_reader_from_channel_to_channel(
    playground: Playground, app: App, ana: Person, connect: Callable[[App], SocketModeHandler]
) -> None:
    """Greeting, context kept in the greeting's metadata, a summary, a plan, thanks for feedback."""
    events = ["assistant_thread_started", "assistant_thread_context_changed", "message.im"]
    install(playground, events, assistant_view={"assistant_description": "Helps"})
    app.use(assistant_in_threads())
    thank_on_feedback(app)
    connect(app)
    opened = ana.act("assistant", channel=IT_HELP)
    channel, ts = opened["channel"], opened["ts"]
    greeting = ana.wait_for(lambda: ana.thread(channel, ts)[1:])[0]
    ana.say("general", "The lift is out of order")

    ana.act("assistant_context", channel=GENERAL, thread_ts=ts)

    def beside() -> bool:
        kept = ana.thread(channel, ts)[1].get("metadata", {}).get("event_payload", {})
        return kept.get("channel_id") == GENERAL

    ana.wait_for(beside)
    assert ana.thread(channel, ts)[1]["text"] == greeting["text"]
    ana.say(channel, "Sum up", ts)
    told = ana.wait_for(lambda: ana.thread(channel, ts)[3:])[0]
    assert told["text"].endswith(f"in <#{GENERAL}>")
    ana.say(channel, "Think", ts)
    ana.wait_for(lambda: ana.thread(channel, ts)[-1].get("streaming_state") == "completed")
    thought = ana.thread(channel, ts)[-1]
    kinds = [block["type"] for block in thought["blocks"]]
    assert kinds == ["markdown", "plan", "context_actions"]
    plan = thought["blocks"][1]
    assert plan["title"] == "Half done"
    assert [task["status"] for task in plan["tasks"]] == ["complete", "complete"]
    ana.press(channel, thought["ts"], "feedback", value="good")
    said = ana.wait_for(lambda: ana.ephemerals(channel))[0]
    assert (said["text"], said["thread_ts"]) == ("good", thought["ts"])


def issue_modal() -> Json:
    """A modal with one field."""
    words = {"type": "plain_text", "text": "Issue"}
    field = {"type": "plain_text_input", "action_id": "words", "multiline": True}
    return {
        "type": "modal", "callback_id": "issue", "title": words, "submit": words,
        "blocks": [{"type": "input", "block_id": "words", "label": words, "element": field}],
    }  # fmt: skip


def agent_in_messages(app: App) -> None:
    """Prompts over the Messages tab, a Home with a button, and its own message as a question."""

    @app.event("app_home_opened")
    def opened(event: Json, client: WebClient) -> None:
        if event["tab"] == "messages":
            client.assistant_threads_setSuggestedPrompts(
                channel_id=event["channel"], title="Hello",
                prompts=[{"title": "Access", "message": "I need access"}],
            )  # fmt: skip
            return
        button = {"type": "button", "action_id": "category_access",
                  "text": {"type": "plain_text", "text": "Access"}, "value": "access"}  # fmt: skip
        view = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}
        client.views_publish(user_id=event["user"], view=view)

    @app.action("category_access")
    def pressed(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=issue_modal())

    @app.view("issue")
    def submitted(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        channel = client.conversations_open(users=[body["user"]["id"]])["channel"]["id"]
        about = {"event_type": "issue", "event_payload": {"user_id": body["user"]["id"]}}
        words = body["view"]["state"]["values"]["words"]["words"]["value"]
        client.chat_postMessage(channel=channel, text=f"*Issue:* {words}", metadata=about)

    @app.event("message")
    def said(event: Json, client: WebClient, say_stream: Any, set_status: Any) -> None:
        asker = event.get("metadata", {}).get("event_payload", {}).get("user_id")
        if event.get("subtype") or (event.get("bot_id") and not asker):
            return
        client.reactions_add(channel=event["channel"], timestamp=event["ts"], name="eyes")
        set_status(status="Thinking...", loading_messages=["One moment"])
        stream = say_stream()
        stream.append(markdown_text=f"For <@{asker or event['user']}>")
        stream.stop(blocks=[FEEDBACK])


def test_an_agent_takes_its_own_message_for_the_question_of_a_form(
    playground: Playground, client: WebClient, ana: Person,
    connect: Callable[[App], SocketModeHandler],
) -> None:  # fmt: skip
    """Home, button, modal, a message with metadata that comes back as an event, a stream."""
    events = ["app_home_opened", "app_mention", "message.channels", "message.im"]
    home = {"home_tab_enabled": True, "messages_tab_enabled": True}
    install(playground, events, agent_view={"agent_description": "Helps"}, app_home=home)
    app = App(client=client, ignoring_self_events_enabled=False)
    agent_in_messages(app)
    connect(app)
    channel = ana.dm(BOT)
    ana.open_home()
    view = ana.wait_for(ana.home)
    ana.press_in_view("category_access", view=view)
    ana.wait_for(ana.modal)
    assert ana.submit({"words": "No access"}) is None
    asked = ana.wait_for(lambda: ana.sees(channel))[-1]
    ana.wait_for(lambda: ana.thread(channel, asked["ts"])[-1].get("streaming_state"))
    ana.wait_for(lambda: ana.thread(channel, asked["ts"])[-1].get("streaming_state") == "completed")
    answer = ana.thread(channel, asked["ts"])[-1]
    assert answer["text"] == f"For <@{ANA}>"
    prompts = [e for e in playground.record() if e["kind"] == "request"
               and e["method"].endswith("setSuggestedPrompts")]  # fmt: skip
    assert prompts[0]["answer"]["ok"]
    assert "thread_ts" not in prompts[0]["arguments"]


def test_a_text_alone_is_kept_as_a_block_too(client: WebClient) -> None:
    """As Slack keeps it; text with blocks or attachments of its own is left as it is."""
    styled = client.chat_postMessage(channel=IT_HELP, text="*bold* <https://a.example|here>\n• x")
    parts = styled["message"]["blocks"][0]["elements"]
    assert parts[0]["elements"][0] == {"type": "text", "text": "bold", "style": {"bold": True}}
    assert [part["type"] for part in parts] == ["rich_text_section", "rich_text_list"]
    attached = client.chat_postMessage(channel=IT_HELP, text="x", attachments=[{"text": "y"}])
    assert "blocks" not in attached["message"]
