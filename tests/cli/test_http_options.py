"""`serve --http` and `manifest --http`: what they refuse, and what the app is told."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bot.cli import frontline

OURS = "https://desk.example.com/slack/events"


@pytest.mark.parametrize("given", ["8080", "here", "a b:80", "http://x:80/", ":80", "x:port"])
def test_what_is_no_address_is_refused(given: str) -> None:
    """Before anything is started."""
    done = CliRunner().invoke(frontline, ["serve", "--http", given])
    assert done.exit_code == 2
    assert "give a host and a port" in done.output


def test_the_manifest_sends_everything_to_one_address() -> None:
    """Events, presses, menus and commands; and no Socket Mode."""
    done = CliRunner().invoke(frontline, ["manifest", "--http", "https://desk.example.com/"])
    told = json.loads(done.output)
    settings = told["settings"]
    assert settings["socket_mode_enabled"] is False
    assert settings["event_subscriptions"]["request_url"] == OURS
    assert settings["interactivity"] == {
        "is_enabled": True, "request_url": OURS, "message_menu_options_url": OURS,
    }  # fmt: skip
    assert {command["url"] for command in told["features"]["slash_commands"]} == {OURS}


def test_slack_does_not_send_to_plain_http() -> None:
    """Said here, not by Slack's page."""
    done = CliRunner().invoke(frontline, ["manifest", "--http", "http://desk.example.com"])
    assert done.exit_code == 2
    assert "begins with https://" in done.output


def test_without_it_the_manifest_is_that_of_socket_mode() -> None:
    """No address anywhere."""
    told = CliRunner().invoke(frontline, ["manifest"]).output
    assert json.loads(told)["settings"]["socket_mode_enabled"] is True
    assert "url" not in told
