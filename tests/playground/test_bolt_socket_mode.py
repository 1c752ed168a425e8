"""An unmodified Bolt app over Socket Mode, and a person at the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import Ack, App, Say
    from slack_bolt.adapter.socket_mode import SocketModeHandler
    from slack_sdk import WebClient

    from bot.playground import Person

BUTTON = {
    "type": "actions",
    "elements": [
        {
            "type": "button",
            "action_id": "resolve",
            "value": "T-1",
            "text": {"type": "plain_text", "text": "Resolve"},
        }
    ],
}
MODAL = {
    "type": "modal",
    "callback_id": "resolution",
    "title": {"type": "plain_text", "text": "Resolve T-1"},
    "submit": {"type": "plain_text", "text": "Resolve"},
    "private_metadata": "T-1",
    "blocks": [
        {
            "type": "input",
            "block_id": "cause",
            "label": {"type": "plain_text", "text": "What it was"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


def helpful(app: App, submitted: list[dict[str, Any]]) -> App:
    """An app that answers with a button, opens a modal, and checks what is submitted."""

    @app.event("message")
    def answer(event: dict[str, Any], say: Say) -> None:
        say(text="On it", blocks=[BUTTON], thread_ts=event["ts"])

    @app.action("resolve")
    def press(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        ack()

    @app.view("resolution")
    def submit(ack: Ack, view: dict[str, Any], client: WebClient, body: dict[str, Any]) -> None:
        cause = view["state"]["values"]["cause"]["text"]["value"]
        if len(cause) < 5:
            ack(response_action="errors", errors={"cause": "Say a little more."})
            return
        submitted.append(view)
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text=f"Noted: {cause}")

    return app


def test_a_whole_story_from_question_to_submitted_modal(
    app: App, connect: Callable[[App], SocketModeHandler], ana: Person
) -> None:
    """Question, reply with a button, press, modal, refused and accepted submission."""
    submitted: list[dict[str, Any]] = []
    connect(helpful(app, submitted))

    asked = ana.say("it-help", "My laptop hums")
    reply = ana.wait_for(lambda: ana.thread("it-help", asked)[1:])[0]
    assert reply["text"] == "On it"
    assert reply["bot_id"] == "B0FRONT001"

    ana.press("it-help", reply["ts"], "resolve", value="T-1")
    modal = ana.modal()
    assert modal is not None
    assert modal["title"]["text"] == "Resolve T-1"

    assert ana.submit({"cause": ""}) == {"cause": "Please complete this required field."}
    assert ana.submit({"cause": "fan"}) == {"cause": "Say a little more."}
    assert ana.modal() is not None
    assert ana.submit({"text": "dust in the fan"}) is None
    assert ana.modal() is None
    assert submitted[0]["private_metadata"] == "T-1"
    dm = ana.dm("U0FRONT001")
    assert ana.wait_for(lambda: ana.sees(dm))[0]["text"] == "Noted: dust in the fan"
