"""Menus, modals, shortcuts, commands and response URLs, with a Bolt app on the other side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt import Ack, App, Respond
from slack_sdk.errors import SlackApiError

from bot.playground.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk import WebClient

    from bot.playground import Person, Playground

ANA, BOT, IT_HELP = "U0ANA00001", "U0FRONT001", "C0ITHELP01"


def plain(text: str) -> dict[str, str]:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def option(value: str) -> dict[str, Any]:
    """An option whose text is its value."""
    return {"text": plain(value), "value": value}


def modal(title: str, *blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A modal that can be submitted."""
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **more,
    }


def field(block_id: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An input block."""
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": element,
            **more}  # fmt: skip


TEXT = {"type": "plain_text_input", "action_id": "text"}
SELECT = {"type": "static_select", "action_id": "tier", "options": [option("L2"), option("L3")]}


@pytest.fixture
def bodies(app: App, connect: Callable[[App], Any]) -> list[dict[str, Any]]:
    """What the app was told; it opens a modal when `open` is pressed."""
    seen: list[dict[str, Any]] = []

    @app.use
    def note(body: dict[str, Any], next: Callable[[], Any]) -> None:  # noqa: A002
        seen.append(body)
        next()

    @app.action("open")
    def open_modal(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(
            trigger_id=body["trigger_id"],
            view=modal("Form", field("what", TEXT), field("tier", SELECT, optional=True)),
        )

    app.event("message")(lambda: None)
    app.event("app_home_opened")(lambda: None)
    connect(app)
    return seen


def offered(client: WebClient, *elements: dict[str, Any]) -> str:
    """A message with an actions block; its `ts`."""
    blocks = [{"type": "actions", "block_id": "row", "elements": list(elements)}]
    return str(client.chat_postMessage(channel=IT_HELP, text="x", blocks=blocks)["ts"])


OPEN = {"type": "button", "action_id": "open", "text": plain("Open"), "value": "1"}


def test_a_press_carries_the_state_of_everything_in_the_message(
    app: App, bodies: list[dict[str, Any]], ana: Person, client: WebClient
) -> None:
    """state.values holds untouched menus as null and chosen ones as chosen."""
    app.action("tier")(lambda ack: ack())
    ts = offered(client, SELECT, {**OPEN})
    ana.press("it-help", ts, "tier", value="L3")
    chosen = bodies[-1]["actions"][0]
    assert chosen["selected_option"]["value"] == "L3"
    ana.press("it-help", ts, "open")
    pressed = bodies[-1]
    assert pressed["state"]["values"]["row"]["tier"]["selected_option"]["value"] == "L3"
    assert pressed["actions"][0]["value"] == "1"
    assert pressed["container"] == {
        "type": "message", "message_ts": ts, "channel_id": IT_HELP, "is_ephemeral": False,
    }  # fmt: skip
    other = offered(client, SELECT, {**OPEN})
    ana.press("it-help", other, "open")
    assert bodies[-1]["state"]["values"]["row"]["tier"] == {
        "type": "static_select", "selected_option": None,
    }  # fmt: skip


def test_fields_are_checked_before_the_app_is_asked(
    app: App, bodies: list[dict[str, Any]], ana: Person, client: WebClient
) -> None:
    """Required, then accepted with the values of every element."""
    app.view("form")(lambda ack: ack())
    ana.press("it-help", offered(client, OPEN), "open")
    assert ana.submit() == {"what": "Please complete this required field."}
    with pytest.raises(Refused, match="no option"):
        ana.submit({"what": "x", "tier": "L9"})
    assert ana.submit({"what": "broken", "tier": "L2"}) is None
    values = bodies[-1]["view"]["state"]["values"]
    assert values["what"]["text"] == {"type": "plain_text_input", "value": "broken"}
    assert values["tier"]["tier"]["selected_option"]["value"] == "L2"


def test_a_modal_is_updated_pushed_and_cleared(
    app: App, bodies: list[dict[str, Any]], ana: Person, client: WebClient
) -> None:
    """response_action update, push and clear."""

    @app.view("form")
    def answer(ack: Ack, view: dict[str, Any]) -> None:
        what = view["state"]["values"]["what"]["text"]["value"]
        if what == "clear":
            ack(response_action="clear")
        else:
            ack(response_action=what, view=modal(f"After {what}", field("what", TEXT)))

    ana.press("it-help", offered(client, OPEN), "open")
    first = ana.modal()
    assert first is not None
    ana.submit({"what": "update"})
    updated = ana.modal()
    assert updated is not None
    assert (updated["id"], updated["title"]["text"]) == (first["id"], "After update")
    ana.submit({"what": "push"})
    pushed = ana.modal()
    assert pushed is not None
    assert pushed["previous_view_id"] == first["id"]
    assert pushed["root_view_id"] == first["id"]
    ana.submit({"what": "clear"})
    assert ana.modal() is None


def test_closing_a_modal_is_told_if_asked_for(
    app: App, bodies: list[dict[str, Any]], ana: Person, client: WebClient
) -> None:
    """view_closed with notify_on_close, nothing without."""
    app.view_closed("form")(lambda ack: ack())
    app.action("again")(
        lambda ack, body, client: (
            client.views_open(trigger_id=body["trigger_id"], view=modal("N", notify_on_close=True)),
            ack(),
        )
    )
    ana.press("it-help", offered(client, OPEN), "open")
    ana.close_modal()
    assert bodies[-1]["type"] == "block_actions"
    ana.press("it-help", offered(client, {**OPEN, "action_id": "again"}), "again")
    ana.close_modal()
    assert (bodies[-1]["type"], bodies[-1]["is_cleared"]) == ("view_closed", False)


def test_a_trigger_opens_one_modal_within_three_seconds(
    app: App, bodies: list[dict[str, Any]], ana: Person, client: WebClient, playground: Playground
) -> None:
    """exchanged_trigger_id, expired_trigger_id, invalid_trigger_id."""
    app.action("go")(lambda ack: ack())
    ts = offered(client, {**OPEN, "action_id": "go"})
    ana.press("it-help", ts, "go")
    trigger = bodies[-1]["trigger_id"]
    view = modal("M")
    client.views_open(trigger_id=trigger, view=view)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        client.views_open(trigger_id=trigger, view=view)
    ana.press("it-help", ts, "go")
    playground.advance(3.5)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        client.views_open(trigger_id=bodies[-1]["trigger_id"], view=view)
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        client.views_open(trigger_id="1.2.3", view=view)


def test_views_are_updated_and_pushed_by_call(
    app: App, bodies: list[dict[str, Any]], ana: Person, client: WebClient
) -> None:
    """views.update by id, external id and hash; views.push three deep."""
    app.action("go")(lambda ack: ack())
    ts = offered(client, {**OPEN, "action_id": "go"})

    def trigger() -> str:
        ana.press("it-help", ts, "go")
        return str(bodies[-1]["trigger_id"])

    opened = client.views_open(trigger_id=trigger(), view=modal("1", external_id="e1"))["view"]
    client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal("2"))
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal("3"))
    with pytest.raises(SlackApiError, match="not_found"):
        client.views_update(view_id="V0NOTHING1", view=modal("3"))
    client.views_push(trigger_id=trigger(), view=modal("p1", external_id="e2"))
    client.views_update(external_id="e2", view=modal("p1 again", external_id="e2"))
    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        client.views_push(trigger_id=trigger(), view=modal("p2", external_id="e2"))
    client.views_push(trigger_id=trigger(), view=modal("p2"))
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        client.views_push(trigger_id=trigger(), view=modal("p3"))
    assert [v["title"]["text"] for v in ana.boot()["views"]] == ["2", "p1 again", "p2"]


def test_an_external_menu_asks_for_its_options(
    app: App, bodies: list[dict[str, Any]], ana: Person, client: WebClient
) -> None:
    """block_suggestion."""
    app.options("who")(lambda ack, payload: ack(options=[option(f"{payload['value']}-1")]))
    menu = {"type": "external_select", "action_id": "who", "min_query_length": 1}
    app.action("ask")(
        lambda ack, body, client: (
            client.views_open(trigger_id=body["trigger_id"], view=modal("M", field("b", menu))),
            ack(),
        )
    )
    ana.press("it-help", offered(client, {**OPEN, "action_id": "ask"}), "ask")
    assert ana.suggest("who", "vp")[0]["value"] == "vp-1"


def test_a_slash_command_is_answered(app: App, bodies: list[dict[str, Any]], ana: Person) -> None:
    """By the acknowledgement and at the response URL; to one person or to all."""

    @app.command("/helpdesk")
    def answer(ack: Ack, respond: Respond, command: dict[str, Any]) -> None:
        ack(f"Looking for {command['text']}")
        respond("Nothing found", response_type="in_channel")

    ana.command("it-help", "/helpdesk mine")
    assert ana.wait_for(lambda: ana.ephemerals("it-help"))[0]["text"] == "Looking for mine"
    assert ana.wait_for(lambda: ana.sees("it-help"))[0]["text"] == "Nothing found"
    with pytest.raises(Refused, match="not a valid command"):
        ana.command("it-help", "/nonsense")


def test_shortcuts_reach_the_app(app: App, bodies: list[dict[str, Any]], ana: Person) -> None:
    """A message shortcut with the message, a global one without."""
    app.shortcut("ask_frontline")(lambda ack: ack())
    app.shortcut("new_request")(lambda ack: ack())
    ts = ana.say("it-help", "broken")
    ana.shortcut("ask_frontline", "it-help", ts)
    assert (bodies[-1]["type"], bodies[-1]["message"]["text"]) == ("message_action", "broken")
    ana.shortcut("new_request")
    assert bodies[-1]["type"] == "shortcut"
    with pytest.raises(Refused, match="no shortcut"):
        ana.shortcut("unknown")


def test_a_response_url_replaces_and_deletes(
    app: App, bodies: list[dict[str, Any]], ana: Person, client: WebClient
) -> None:
    """replace_original, delete_original, and a new message by default; five uses."""
    app.action("go")(lambda ack: ack())
    ts = offered(client, {**OPEN, "action_id": "go"})
    ana.press("it-help", ts, "go")
    respond = Respond(response_url=bodies[-1]["response_url"])
    assert respond("only you").status_code == 200
    assert ana.ephemerals("it-help")[0]["text"] == "only you"
    respond("replaced", replace_original=True)
    assert ana.sees("it-help")[0]["text"] == "replaced"
    respond(delete_original=True)
    assert ana.sees("it-help") == []
    for _ in range(2):
        respond("more")
    assert respond("a sixth time").status_code == 404


def test_an_ephemeral_message_can_be_pressed_and_replaced(
    app: App, bodies: list[dict[str, Any]], ana: Person, client: WebClient
) -> None:
    """No `message` in the payload; the response URL changes it."""
    app.action("go")(lambda ack: ack())
    blocks = [{"type": "actions", "elements": [{**OPEN, "action_id": "go"}]}]
    client.chat_postEphemeral(channel=IT_HELP, user=ANA, text="psst", blocks=blocks)
    shown = ana.ephemerals()[0]
    ana.press("it-help", shown["ts"], "go")
    assert bodies[-1]["container"]["is_ephemeral"] is True
    assert "message" not in bodies[-1]
    respond = Respond(response_url=bodies[-1]["response_url"])
    respond("changed", replace_original=True)
    assert [m["text"] for m in ana.ephemerals()] == ["changed"]
    respond(delete_original=True)
    assert ana.ephemerals() == []


def test_feedback_and_overflow_say_what_was_chosen(
    app: App, bodies: list[dict[str, Any]], ana: Person, client: WebClient
) -> None:
    """feedback_buttons give the value of a side, overflow the option."""
    app.action("helpful")(lambda ack: ack())
    app.action("more")(lambda ack: ack())
    feedback = {
        "type": "feedback_buttons",
        "action_id": "helpful",
        "positive_button": {"text": plain("Yes"), "value": "yes"},
        "negative_button": {"text": plain("No"), "value": "no"},
    }
    menu = {"type": "overflow", "action_id": "more", "options": [option("a"), option("b")]}
    blocks = [
        {"type": "context_actions", "elements": [feedback]},
        {"type": "section", "text": plain("x"), "accessory": menu},
    ]
    ts = client.chat_postMessage(channel=IT_HELP, text="x", blocks=blocks)["ts"]
    ana.press("it-help", ts, "helpful", value="no")
    assert bodies[-1]["actions"][0]["value"] == "no"
    ana.press("it-help", ts, "more", value="b")
    assert bodies[-1]["actions"][0]["selected_option"]["value"] == "b"


def test_the_app_home_has_controls_too(
    app: App, bodies: list[dict[str, Any]], ana: Person, client: WebClient
) -> None:
    """block_actions with the home view."""
    app.action("go")(lambda ack: ack())
    button = {**OPEN, "action_id": "go"}
    home = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}
    client.views_publish(user_id=ANA, view=home)
    view = ana.open_home()
    assert view is not None
    ana.press_in_view("go", view=view)
    assert (bodies[-1]["view"]["type"], bodies[-1]["container"]["type"]) == ("home", "view")


def test_a_bad_answer_to_a_submission_is_reported(
    app: App, bodies: list[dict[str, Any]], ana: Person, client: WebClient, playground: Playground
) -> None:
    """The person sees trouble; the record says which rule was broken."""
    app.view("form")(lambda ack: ack(response_action="update", view={"type": "modal"}))
    ana.press("it-help", offered(client, OPEN), "open")
    with pytest.raises(Refused, match="trouble connecting"):
        ana.submit({"what": "x"})
    last = [entry for entry in playground.record() if entry["kind"] == "refused_answer"][-1]
    assert last["error"]["error"] == "invalid_arguments"
