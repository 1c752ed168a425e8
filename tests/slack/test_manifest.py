"""The app manifest covers what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from bot.slack.manifest import EVENTS, SCOPES, manifest, missing_scopes

SLACK = Path(__file__).parents[2] / "bot" / "slack"

NEEDED = {
    "chat_postMessage": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_update": {"chat:write"},
    "reactions_add": {"reactions:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "conversations_list": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    "users_conversations": {"channels:read", "groups:read", "im:read"},
    "conversations_info": {"channels:read", "groups:read", "im:read"},
    "usergroups_list": {"usergroups:read"},
    "usergroups_users_list": {"usergroups:read"},
    "usergroups_users_update": {"usergroups:write"},
    "users_info": {"users:read"},
    "users_list": {"users:read"},
    "users_lookupByEmail": {"users:read.email"},
    "views_open": set(),
    "views_update": set(),
    "views_push": set(),
    "views_publish": set(),
    "auth_test": set(),
}
"""The scopes of each method, as Slack's reference gives them."""

CALL = re.compile(r"\b(?:_client|client)\.([a-z]+_[a-zA-Z_]+)\(|_pages\(\s*\"([a-z_]+)\"")


def methods_called() -> set[str]:
    """Find every Web API method that the Slack edge calls."""
    found: set[str] = set()
    for file in SLACK.rglob("*.py"):
        for direct, paged in CALL.findall(file.read_text(encoding="utf-8")):
            found.add(direct or paged)
    return found


def test_every_method_that_is_called_has_its_scopes_in_the_manifest() -> None:
    """Otherwise the first call in somebody's workspace ends in `missing_scope`."""
    called = methods_called()
    assert {"chat_postMessage", "conversations_list", "views_open"} <= called
    assert called <= set(NEEDED)
    for method in called:
        assert NEEDED[method] <= set(SCOPES), method


def test_each_event_has_the_scope_that_it_needs() -> None:
    """Slack refuses a manifest that subscribes without the scope."""
    needs = {
        "app_mention": "app_mentions:read",
        "message.channels": "channels:history",
        "message.groups": "groups:history",
        "message.im": "im:history",
    }
    assert {needs[event] for event in EVENTS if event in needs} <= set(SCOPES)
    assert set(needs) <= set(EVENTS)


def test_messages_carry_metadata_that_the_app_may_read_back() -> None:
    """After a restart it recognises its own messages."""
    assert "metadata.message:read" in SCOPES


def test_every_scope_says_what_it_is_for() -> None:
    """An admin decides on it."""
    assert all(reason.strip() for reason in SCOPES.values())


def test_the_manifest_is_one_of_a_socket_mode_app_with_buttons() -> None:
    """Interactivity on, Socket Mode on, direct messages open."""
    made = manifest("Desk")
    assert made["settings"]["socket_mode_enabled"] is True
    assert made["settings"]["interactivity"] == {"is_enabled": True}
    assert made["features"]["bot_user"]["display_name"] == "Desk"
    assert made["features"]["app_home"]["messages_tab_read_only_enabled"] is False
    assert made["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)
    assert made["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert len(made["display_information"]["description"]) <= 140


def test_a_missing_scope_is_named_with_what_it_is_for() -> None:
    """By the header of Slack's own answer; a server that sends none says nothing of it."""
    granted = ",".join(scope for scope in SCOPES if scope != "users:read")
    assert missing_scopes({"x-oauth-scopes": granted}) == {"users:read": SCOPES["users:read"]}
    assert missing_scopes({"x-oauth-scopes": ",".join(SCOPES)}) == {}
    assert missing_scopes({}) == {}
