"""A small help desk for the browser tests: an unmodified Bolt app with every step of a story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slack_bolt import App

if TYPE_CHECKING:
    from slack_sdk import WebClient

L2_SUPPORT = "C0L2SUPP01"
ANSWERED = "Set up the authenticator app on a new phone"

Json = dict[str, Any]


def plain(text: str) -> Json:
    """A plain text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    """A mrkdwn text object."""
    return {"type": "mrkdwn", "text": text}


def button(action_id: str, text: str, value: str, style: str | None = None) -> Json:
    """A button element."""
    element = {"type": "button", "action_id": action_id, "text": plain(text), "value": value}
    return {**element, "style": style} if style else element


def answer_blocks(question: str) -> list[Json]:
    """An article with its buttons."""
    return [
        {"type": "header", "text": plain(ANSWERED)},
        {"type": "section", "text": mrkdwn("Open *Account* and choose _Add a device_.")},
        {
            "type": "actions",
            "block_id": "answer",
            "elements": [
                button("solved", "That solved it", question, "primary"),
                button("not_it", "Not what I need", question),
            ],
        },
    ]


def escalation_blocks(requester: str, question: str, thread: str) -> list[Json]:
    """An escalation with its buttons; the value of each leads back to the requester's thread."""
    return [
        {
            "type": "section",
            "text": mrkdwn(
                f"*T-1042* <@{requester}> needs help <!subteam^S0L2ONCALL>\n> {question}"
            ),
        },
        {
            "type": "actions",
            "block_id": "escalation",
            "elements": [
                button("take", "Take it", thread, "primary"),
                button("resolve", "Resolve", thread),
            ],
        },
    ]


def resolve_modal(thread: str) -> Json:
    """The modal that asks what it was."""

    def field(block_id: str, label: str, *, multiline: bool) -> Json:
        element = {"type": "plain_text_input", "action_id": "text", "multiline": multiline}
        return {"type": "input", "block_id": block_id, "label": plain(label), "element": element}

    sure = {"text": plain("Sure"), "value": "sure"}
    guess = {"text": plain("A guess"), "value": "guess"}
    return {
        "type": "modal",
        "callback_id": "resolved",
        "private_metadata": thread,
        "title": plain("Resolve T-1042"),
        "submit": plain("Resolve it"),
        "close": plain("Cancel"),
        "blocks": [
            field("cause", "What it was", multiline=False),
            field("fix", "What fixed it", multiline=True),
            {
                "type": "input",
                "block_id": "certainty",
                "optional": True,
                "label": plain("How sure"),
                "element": {"type": "static_select", "action_id": "pick", "options": [sure, guess]},
            },
        ],
    }


def build_desk(client: WebClient) -> App:
    """The app; connect it with a SocketModeHandler."""
    app = App(client=client, process_before_response=True)
    _answering(app)
    _resolving(app)
    _around(app)
    return app


def build_report(client: WebClient, submitted: list[Json]) -> App:
    """An app with one modal, for files and formatted text; notes what was submitted."""
    app = App(client=client)

    def field(block_id: str, action_id: str, label: str, kind: str) -> Json:
        element = {"type": kind, "action_id": action_id}
        return {"type": "input", "block_id": block_id, "label": plain(label), "element": element}

    view = {
        "type": "modal",
        "callback_id": "report",
        "title": plain("Report"),
        "submit": plain("Send"),
        "blocks": [
            field("report", "what", "What happened", "rich_text_input"),
            field("evidence", "files", "Evidence", "file_input"),
        ],
    }

    @app.shortcut("new_request")
    def ask(ack: Any, shortcut: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=shortcut["trigger_id"], view=view)

    @app.view("report")
    def take(ack: Any, view: Json) -> None:
        submitted.append(view["state"]["values"])
        ack()

    return app


def _answering(app: App) -> None:
    @app.event("message")
    def answer(event: Json, client: WebClient) -> None:
        if event.get("bot_id") or event.get("subtype") or event.get("thread_ts"):
            return
        question, channel, ts = event["text"], event["channel"], event["ts"]
        if question.startswith("whisper"):
            client.chat_postEphemeral(channel=channel, user=event["user"], text="*Only* for you")
            return
        client.chat_postMessage(
            channel=channel, thread_ts=ts, text=ANSWERED, blocks=answer_blocks(question)
        )

    @app.action("not_it")
    def escalate(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        channel, thread = body["channel"]["id"], body["message"]["thread_ts"]
        question = body["actions"][0]["value"]
        client.chat_postMessage(
            channel=L2_SUPPORT,
            text="T-1042 needs help <!subteam^S0L2ONCALL>",
            blocks=escalation_blocks(body["user"]["id"], question, f"{channel}:{thread}"),
        )
        client.chat_postMessage(
            channel=channel, thread_ts=thread, text="I have passed this on to *L2*."
        )


def _resolving(app: App) -> None:
    @app.action("take")
    def take(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        message, engineer = body["message"], body["user"]["id"]
        taken = {"type": "context", "elements": [mrkdwn(f":eyes: <@{engineer}> has taken it")]}
        client.chat_update(
            channel=body["channel"]["id"],
            ts=message["ts"],
            text="taken",
            blocks=[message["blocks"][0], taken, message["blocks"][1]],
        )

    @app.action("resolve")
    def ask_cause(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        view = resolve_modal(body["actions"][0]["value"])
        client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("resolved")
    def resolve(ack: Any, view: Json, client: WebClient) -> None:
        values = view["state"]["values"]
        fix = values["fix"]["text"]["value"]
        if len(fix) < 10:
            ack(response_action="errors", errors={"fix": "Say a little more: ten characters."})
            return
        ack()
        channel, thread = view["private_metadata"].split(":")
        client.chat_postMessage(
            channel=channel,
            thread_ts=thread,
            text="Resolved",
            blocks=[
                {"type": "section", "text": mrkdwn(f":white_check_mark: Resolved: {fix}")},
                {
                    "type": "actions",
                    "elements": [button("reopen", "Not fixed after all", "T-1042")],
                },
            ],
        )

    @app.action("reopen")
    def reopen(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        thread = body["message"]["thread_ts"]
        client.chat_postMessage(
            channel=body["channel"]["id"], thread_ts=thread, text="T-1042 is open again."
        )


def _around(app: App) -> None:
    @app.action("solved")
    def solved(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        thread = body["message"]["thread_ts"]
        client.reactions_add(channel=body["channel"]["id"], timestamp=thread, name="tada")

    @app.event("app_home_opened")
    def show_home(event: Json, client: WebClient) -> None:
        if event["tab"] != "home":
            return
        blocks = [
            {"type": "header", "text": plain("Your requests")},
            {"type": "actions", "elements": [button("new", "Ask something", "x", "primary")]},
        ]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.action("new")
    def note(ack: Any) -> None:
        ack()

    @app.command("/helpdesk")
    def helpdesk(ack: Any) -> None:
        ack(text="You have *no* open requests.")
