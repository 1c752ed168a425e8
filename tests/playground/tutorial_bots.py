"""Bots in the words of Slack's public tutorials; nothing in them knows of this workspace.

Each is built the way its tutorial builds it; only the client and the address are handed in, as
SLACK_API_URL would be.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App, BoltContext, Respond, Say
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.response import SocketModeResponse

if TYPE_CHECKING:
    from slack_sdk import WebClient
    from slack_sdk.socket_mode import SocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

Json = dict[str, Any]


def getting_started(client: WebClient) -> App:
    """Bolt's getting-started app: listens for a word, answers with a button, hears the press."""
    app = App(client=client)

    @app.message("hello")
    def message_hello(message: Json, say: Say) -> None:
        say(
            blocks=[
                {
                    "type": "section",
                    "text": {"type": "mrkdwn", "text": f"Hey there <@{message['user']}>!"},
                    "accessory": {
                        "type": "button",
                        "text": {"type": "plain_text", "text": "Click Me"},
                        "action_id": "button_click",
                    },
                }
            ],
            text=f"Hey there <@{message['user']}>!",
        )

    @app.action("button_click")
    def action_button_click(body: Json, ack: Ack, say: Say) -> None:
        ack()
        say(f"<@{body['user']['id']}> clicked the button")

    @app.message(re.compile("(hi|bye)"))
    def say_regex(say: Say, context: BoltContext) -> None:
        greeting = context["matches"][0]
        say(f"{greeting}, how are you?")

    @app.event("reaction_added")
    def show_emoji(event: Json, client: WebClient) -> None:
        item = event["item"]
        info = client.users_info(user=event["user"])
        client.chat_postMessage(
            channel=item["channel"],
            thread_ts=item["ts"],
            text=f"{info['user']['real_name']} added :{event['reaction']}:",
        )

    return app


def tour_of_bolt(client: WebClient) -> App:
    """Modals, a command, a shortcut, the App Home, a slow answer and an updated message."""
    app = App(client=client)

    @app.shortcut("new_request")
    def open_modal(ack: Ack, shortcut: Json, client: WebClient) -> None:
        ack()
        client.views_open(
            trigger_id=shortcut["trigger_id"],
            view={
                "type": "modal",
                "callback_id": "view_1",
                "title": {"type": "plain_text", "text": "My App"},
                "submit": {"type": "plain_text", "text": "Submit"},
                "close": {"type": "plain_text", "text": "Close"},
                "blocks": [
                    {
                        "type": "input",
                        "block_id": "input_c",
                        "label": {"type": "plain_text", "text": "What are your hopes and dreams?"},
                        "element": {
                            "type": "plain_text_input",
                            "action_id": "dreamy_input",
                            "multiline": True,
                        },
                    }
                ],
            },
        )

    @app.view("view_1")
    def handle_submission(ack: Ack, body: Json, client: WebClient, view: Json) -> None:
        hopes = view["state"]["values"]["input_c"]["dreamy_input"]["value"]
        if hopes is not None and len(hopes) <= 5:
            ack(response_action="errors", errors={"input_c": "The value must be longer than 5"})
            return
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text=f"Your submission was {hopes}")

    @app.command("/helpdesk")
    def repeat_text(ack: Ack, respond: Respond, command: Json) -> None:
        ack()
        respond(f"{command['text']}")

    @app.event("app_home_opened")
    def update_home_tab(client: WebClient, event: Json) -> None:
        client.views_publish(
            user_id=event["user"],
            view={
                "type": "home",
                "callback_id": "home_view",
                "blocks": [
                    {
                        "type": "section",
                        "text": {"type": "mrkdwn", "text": "*Welcome to your _App's Home_* :tada:"},
                    }
                ],
            },
        )

    @app.event("app_mention")
    def work_in_two_steps(event: Json, say: Say, client: WebClient) -> None:
        working = say(text="Working on it...", thread_ts=event["ts"])
        client.chat_update(channel=event["channel"], ts=working["ts"], text="Done.")
        try:
            client.chat_postMessage(channel="C0NOWHERE1", text="x")
        except SlackApiError as error:
            say(text=f"Got an error: {error.response['error']}", thread_ts=event["ts"])

    return app


def without_bolt(client: SocketModeClient, req: SocketModeRequest) -> None:
    """The listener of slack_sdk's Socket Mode page, which has no framework around it."""
    if req.type == "events_api":
        response = SocketModeResponse(envelope_id=req.envelope_id)
        client.send_socket_mode_response(response)
        event = req.payload["event"]
        if event["type"] == "message" and event.get("subtype") is None and "bot_id" not in event:
            client.web_client.reactions_add(
                name="eyes", channel=event["channel"], timestamp=event["ts"]
            )
    if req.type == "interactive" and req.payload.get("type") == "shortcut":
        client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
