"""Bots written after Slack's public tutorials run here as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk.socket_mode import SocketModeClient

from tests.playground import tutorial_bots

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import App
    from slack_bolt.adapter.socket_mode import SocketModeHandler
    from slack_sdk import WebClient

    from bot.playground import Person, Playground

    Connect = Callable[[App], SocketModeHandler]
BOT = "U0FRONT001"


def texts(messages: list[dict[str, Any]]) -> list[str]:
    """The texts of messages."""
    return [message["text"] for message in messages]


def test_the_getting_started_app_greets_and_hears_the_button(
    client: WebClient, connect: Connect, ana: Person
) -> None:
    """A word, a button, a press, a pattern, a reaction."""
    connect(tutorial_bots.getting_started(client))
    ana.say("it-help", "hello")
    greeting = ana.wait_for(lambda: ana.sees("it-help")[1:])[0]
    assert greeting["text"] == "Hey there <@U0ANA00001>!"
    ana.press("it-help", greeting["ts"], "button_click")
    clicked = "<@U0ANA00001> clicked the button"
    ana.wait_for(lambda: clicked in texts(ana.sees("it-help")))
    parting = ana.say("it-help", "bye")
    ana.wait_for(lambda: "bye, how are you?" in texts(ana.sees("it-help")))
    ana.react("it-help", parting, "wave")
    ana.wait_for(lambda: "Ana Ribeiro added :wave:" in texts(ana.thread("it-help", parting)))


def test_the_tour_of_bolt_has_modal_command_home_and_updates(
    client: WebClient, connect: Connect, ana: Person
) -> None:
    """Everything that the tour shows, in one app."""
    connect(tutorial_bots.tour_of_bolt(client))
    ana.shortcut("new_request")
    assert ana.wait_for(ana.modal)["title"]["text"] == "My App"
    assert ana.submit({"dreamy_input": "five"}) == {"input_c": "The value must be longer than 5"}
    assert ana.submit({"dreamy_input": "an allotment"}) is None
    direct = ana.dm(BOT)
    ana.wait_for(lambda: "Your submission was an allotment" in texts(ana.sees(direct)))
    ana.command("it-help", "/helpdesk say it again")
    assert ana.wait_for(ana.ephemerals)[0]["text"] == "say it again"
    ana.open_home()
    home = ana.wait_for(ana.home)
    assert home["blocks"][0]["text"]["text"].startswith("*Welcome")
    asked = ana.say("it-help", f"<@{BOT}> do something")
    ana.wait_for(lambda: len(ana.thread("it-help", asked)) == 3)
    assert texts(ana.thread("it-help", asked))[1:] == ["Done.", "Got an error: channel_not_found"]


@pytest.mark.rare
def test_an_app_without_bolt_reads_the_socket_itself(
    playground: Playground, client: WebClient, ana: Person
) -> None:
    """slack_sdk's Socket Mode client alone."""
    socket = SocketModeClient(app_token=playground.app_token, web_client=client)
    socket.socket_mode_request_listeners.append(tutorial_bots.without_bolt)
    socket.connect()
    asked = ana.say("it-help", "look at this")
    ana.wait_for(lambda: "reactions" in ana.sees("it-help")[0])
    ana.shortcut("new_request")
    assert ana.sees("it-help")[0]["ts"] == asked
    socket.close()
