"""What Slack refuses, with the error code that it documents."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground import Person, Playground, Seed

ANA, BOT = "U0ANA00001", "U0FRONT001"
IT_HELP, GENERAL = "C0ITHELP01", "C0GENERAL1"


def refused(client: WebClient, method: str, **arguments: Any) -> dict[str, Any]:
    """The answer of a call that must be refused."""
    with pytest.raises(SlackApiError) as caught:
        client.api_call(method, json=arguments)
    answer: dict[str, Any] = caught.value.response.data
    assert answer["ok"] is False
    return answer


def code(client: WebClient, method: str, **arguments: Any) -> str:
    """The error code of a call that must be refused."""
    error: str = refused(client, method, **arguments)["error"]
    return error


@pytest.fixture
def modest(playground: Playground) -> WebClient:
    """A client whose app may only write."""
    playground.control("manifest", manifest={"oauth_config": {"scopes": {"bot": ["chat:write"]}}})
    return WebClient(token=playground.bot_token, base_url=playground.api_url)


def test_tokens_are_checked(playground: Playground) -> None:
    """not_authed, invalid_auth, not_allowed_token_type."""
    nobody = WebClient(base_url=playground.api_url)
    assert code(nobody, "auth.test") == "not_authed"
    stranger = WebClient(token="xoxb-wrong", base_url=playground.api_url)
    assert code(stranger, "auth.test") == "invalid_auth"
    app = WebClient(token=playground.app_token, base_url=playground.api_url)
    assert code(app, "auth.test") == "not_allowed_token_type"


def test_a_missing_scope_is_named(modest: WebClient) -> None:
    """missing_scope with needed and provided."""
    answer = refused(modest, "users.info", user=ANA)
    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "users:read",
        "chat:write",
    )
    assert refused(modest, "conversations.info", channel=IT_HELP)["needed"] == "channels:read"


def test_membership_is_checked(modest: WebClient, playground: Playground) -> None:
    """channel_not_found, not_in_channel, is_archived."""
    assert code(modest, "chat.postMessage", channel=GENERAL, text="x") == "not_in_channel"
    assert code(modest, "chat.postMessage", channel="C0NOWHERE1", text="x") == "channel_not_found"
    assert code(modest, "chat.postMessage", text="x") == "channel_not_found"
    site = playground._running()
    site.workspace.channels[IT_HELP].is_archived = True
    assert code(modest, "chat.postMessage", channel=IT_HELP, text="x") == "is_archived"


def test_a_private_channel_is_hidden_from_those_outside(client: WebClient) -> None:
    """channel_not_found for a private channel that the bot is not in."""
    seed = Seed.larkfield()
    secret = replace(seed.channels[0], id="C0SECRET01", name="secret", is_private=True)
    with Playground(replace(seed, channels=(*seed.channels, secret))) as playground:
        outside = WebClient(token=playground.bot_token, base_url=playground.api_url)
        assert code(outside, "conversations.info", channel="C0SECRET01") == "channel_not_found"
        listed = outside.conversations_list(types="private_channel")["channels"]
        assert listed == []


def test_messages_need_something_to_say(client: WebClient) -> None:
    """no_text, msg_too_long, invalid_blocks_format, thread_not_found."""
    post = "chat.postMessage"
    assert code(client, post, channel=IT_HELP) == "no_text"
    assert code(client, post, channel=IT_HELP, text="  ") == "no_text"
    assert code(client, post, channel=IT_HELP, text="x" * 40_001) == "msg_too_long"
    assert code(client, post, channel=IT_HELP, text="x", blocks="{") == "invalid_blocks_format"
    assert code(client, post, channel=IT_HELP, text="x", blocks="{}") == "invalid_blocks_format"
    missing = "1700000000.000001"
    assert code(client, post, channel=IT_HELP, text="x", thread_ts=missing) == "thread_not_found"
    metadata = {"event_type": "x"}
    answer = code(client, post, channel=IT_HELP, text="x", metadata=metadata)
    assert answer == "invalid_metadata_format"


def test_invalid_blocks_are_explained(client: WebClient) -> None:
    """invalid_blocks says what is wrong where, in `errors` and in `response_metadata`."""
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    answer = refused(client, "chat.postMessage", channel=IT_HELP, text="x", blocks=[block])
    words = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == [words]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {words}"]


def test_only_own_messages_can_be_changed(client: WebClient, ana: Person) -> None:
    """message_not_found, cant_update_message, cant_delete_message."""
    ts = ana.say("it-help", "mine")
    missing = "1700000000.000001"
    update, delete = "chat.update", "chat.delete"
    assert code(client, update, channel=IT_HELP, ts=ts, text="x") == "cant_update_message"
    assert code(client, update, channel=IT_HELP, ts=missing, text="x") == "message_not_found"
    assert code(client, delete, channel=IT_HELP, ts=ts) == "cant_delete_message"
    assert code(client, delete, channel=IT_HELP, ts=missing) == "message_not_found"


def test_people_and_groups_must_exist(client: WebClient) -> None:
    """user_not_found, user_not_in_channel, no_such_subteam, invalid_users, no_users_provided."""
    assert code(client, "users.info", user="U0NOBODY01") == "user_not_found"
    for user in ("U0NOBODY01", BOT[:-1] + "2"):
        answer = code(client, "chat.postEphemeral", channel=IT_HELP, user=user, text="x")
        assert answer == "user_not_in_channel"
    assert code(client, "usergroups.users.list", usergroup="S0NOTHING1") == "no_such_subteam"
    update = "usergroups.users.update"
    assert code(client, update, usergroup="S0L2ONCALL", users="U0NOBODY01") == "invalid_users"
    assert code(client, update, usergroup="S0L2ONCALL", users="") == "no_users_provided"


def test_marks_must_make_sense(client: WebClient) -> None:
    """invalid_name, already_reacted, no_reaction, message_not_found."""
    ts = client.chat_postMessage(channel=IT_HELP, text="x")["ts"]
    add = {"channel": IT_HELP, "timestamp": ts}
    assert code(client, "reactions.add", name="No Way!", **add) == "invalid_name"
    client.reactions_add(name="eyes", **add)
    assert code(client, "reactions.add", name="eyes", **add) == "already_reacted"
    assert code(client, "reactions.remove", name="tada", **add) == "no_reaction"
    add["timestamp"] = "1700000000.000001"
    assert code(client, "reactions.add", name="eyes", **add) == "message_not_found"


def test_pages_must_make_sense(client: WebClient) -> None:
    """invalid_cursor, invalid_limit, invalid_types, invalid_ts_oldest."""
    history = "conversations.history"
    assert code(client, "conversations.list", cursor="nonsense") == "invalid_cursor"
    assert code(client, history, channel=IT_HELP, limit=0) == "invalid_limit"
    assert code(client, "conversations.list", types="secret") == "invalid_types"
    assert code(client, history, channel=IT_HELP, oldest="soon") == "invalid_ts_oldest"


def test_channel_names_must_be_right(client: WebClient) -> None:
    """invalid_name_required, invalid_name_specials, invalid_name_maxlength, name_taken."""
    create = "conversations.create"
    assert code(client, create, name="") == "invalid_name_required"
    assert code(client, create, name="No Spaces") == "invalid_name_specials"
    assert code(client, create, name="x" * 81) == "invalid_name_maxlength"
    assert code(client, create, name="general") == "name_taken"


def test_an_unknown_method_is_named(client: WebClient) -> None:
    """unknown_method with the method asked for."""
    answer = refused(client, "chat.shout", text="x")
    assert (answer["error"], answer["req_method"]) == ("unknown_method", "chat.shout")


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        (b"{not json", "application/json", "invalid_json"),
        (b"[1]", "application/json; charset=utf-8", "json_not_object"),
        (b"x", "text/csv", "invalid_post_type"),
        (b"text=\xff\xfe", "application/x-www-form-urlencoded", "invalid_form_data"),
        (b"", "application/json", "channel_not_found"),
        (b'{"channel": {"a": 1}, "text": 5}', "application/json", "channel_not_found"),
        (b'{"channel": "C0ITHELP01", "text": 5, "blocks": 7}', "application/json",
         "invalid_blocks_format"),
    ],
)  # fmt: skip
def test_malformed_bodies_are_refused(
    playground: Playground, body: bytes, content_type: str, error: str
) -> None:
    """A broken body never breaks the server."""
    request = urllib.request.Request(
        f"{playground.api_url}chat.postMessage",
        data=body,
        headers={
            "Content-Type": content_type,
            "Authorization": f"Bearer {playground.bot_token}",
        },
    )
    with urllib.request.urlopen(request) as response:
        assert json.load(response)["error"] == error


def test_a_huge_body_is_refused(playground: Playground, client: WebClient) -> None:
    """413, and the next call works."""
    request = urllib.request.Request(
        f"{playground.api_url}chat.postMessage",
        data=b"text=" + b"x" * 1_200_000,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    with pytest.raises((urllib.error.HTTPError, ConnectionError, urllib.error.URLError)) as caught:
        urllib.request.urlopen(request)
    if isinstance(caught.value, urllib.error.HTTPError):
        assert caught.value.code == 413
    assert client.auth_test()["ok"]
