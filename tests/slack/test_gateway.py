"""Notices to the Web API: posted, edited, whispered, marked, and found again."""

from __future__ import annotations

from typing import Any

import pytest

from bot.desk.asking import Courtesy
from bot.desk.errors import (
    DeliveryError,
    RetryableDeliveryError,
    ShutOutError,
    UncertainDeliveryError,
)
from bot.desk.ids import ChannelId, NoticeId, TicketId, Ts
from bot.desk.ports.delivery import Address, Receipt
from bot.desk.tickets import Refusal, Seen
from bot.slack.gateway import SlackPostman
from tests import builders as a
from tests.slack.web_api import FakeWebClient, refusal

WORD, KEY = Courtesy("nothing_asked"), NoticeId(42)
POSTED = Receipt(a.IT_HELP, Ts("9.000001"))


def postman(client: FakeWebClient) -> SlackPostman:
    """Build a postman who knows #it-help by name."""
    return SlackPostman(client, lambda name: a.IT_HELP if name == "it-help" else ChannelId(name))


def found_message(key: int, ts: str = "9.000001", kind: str = "frontline_notice") -> dict[str, Any]:
    """Build a message as Slack's history gives it."""
    metadata = {"event_type": kind, "event_payload": {"id": key}}
    return {"type": "message", "ts": ts, "text": "x", "metadata": metadata}


def page(*messages: dict[str, Any], cursor: str = "") -> dict[str, Any]:
    """Build a page of history."""
    return {"messages": list(messages), "response_metadata": {"next_cursor": cursor}}


def test_a_notice_is_posted_with_its_key_and_a_fallback_text() -> None:
    """Ids only travel in the metadata; links are not unfolded."""
    client = FakeWebClient(chat_postMessage=[{"channel": a.IT_HELP, "ts": "9.000001"}])
    to = Address("it-help", thread_ts=a.ASKED)
    assert postman(client).deliver(WORD, to, KEY) == POSTED
    (call,) = client.calls["chat_postMessage"]
    assert (call["channel"], call["thread_ts"]) == (a.IT_HELP, a.ASKED)
    assert call["metadata"] == {"event_type": "frontline_notice", "event_payload": {"id": 42}}
    assert call["text"]
    assert call["blocks"]
    assert call["unfurl_links"] is False


def test_an_edit_changes_the_message_where_it_stands() -> None:
    """Nothing new is posted."""
    client = FakeWebClient(chat_update=[{}])
    assert postman(client).deliver(WORD, Address(a.IT_HELP, edit_ts=POSTED.ts), KEY) == POSTED
    (call,) = client.calls["chat_update"]
    assert call["ts"] == POSTED.ts


def test_a_refusal_is_shown_to_one_person_alone() -> None:
    """In the thread in which they pressed."""
    client = FakeWebClient(chat_postEphemeral=[{"message_ts": "9.000001"}])
    to = Address(a.IT_HELP, thread_ts=a.ASKED, only_for=a.BEN)
    postman(client).deliver(Refusal("not_requester", TicketId(1001)), to, KEY)
    (call,) = client.calls["chat_postEphemeral"]
    assert (call["user"], call["thread_ts"]) == (a.BEN, a.ASKED)


@pytest.mark.parametrize("answer", [{}, refusal("already_reacted")])
def test_a_mark_is_put_once(answer: dict[str, Any] | Exception) -> None:
    """A mark that is there already is as good as a new one."""
    client = FakeWebClient(reactions_add=[answer])
    receipt = postman(client).deliver(Seen(TicketId(1001)), Address(a.IT_HELP, a.ASKED), KEY)
    assert receipt == Receipt(a.IT_HELP, a.ASKED)
    (call,) = client.calls["reactions_add"]
    assert call["timestamp"] == a.ASKED


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (refusal("ratelimited", 429), RetryableDeliveryError),
        (refusal("internal_error"), UncertainDeliveryError),
        (refusal("not_in_channel"), DeliveryError),
    ],
)
def test_slacks_refusals_are_told_in_the_desks_own_words(
    failure: Exception, kind: type[Exception]
) -> None:
    """So that the relay can decide what to do."""
    client = FakeWebClient(chat_postMessage=[failure])
    with pytest.raises(kind):
        postman(client).deliver(WORD, Address(a.IT_HELP), KEY)


def test_a_channel_that_nobody_knows_is_refused_before_slack_is_asked() -> None:
    """The message names the channel and what to do."""
    lost = SlackPostman(FakeWebClient(), lambda _: None)
    with pytest.raises(DeliveryError, match=r"no channel 'l9'.*invite the app"):
        lost.deliver(WORD, Address("l9"), KEY)


def test_a_message_sent_before_is_found_in_its_thread_by_its_key() -> None:
    """Page by page, among messages of others and of other notices."""
    client = FakeWebClient(
        conversations_replies=[
            page({"ts": "1.0"}, found_message(41), found_message(42, kind="other"), cursor="more"),
            page(found_message(42)),
        ]
    )
    to = Address(a.IT_HELP, thread_ts=a.ASKED)
    assert postman(client).find(to, KEY, a.NOON) == POSTED
    first, second = client.calls["conversations_replies"]
    assert first["ts"] == a.ASKED
    assert first["include_all_metadata"] is True
    assert (first["cursor"], second["cursor"]) == (None, "more")


def test_a_top_level_message_is_looked_for_in_the_channel() -> None:
    """From a little before it was written down, since clocks differ."""
    client = FakeWebClient(conversations_history=[page(found_message(42))])
    assert postman(client).find(Address("it-help"), KEY, a.NOON) == POSTED
    (call,) = client.calls["conversations_history"]
    assert 0 < a.NOON.timestamp() - float(call["oldest"]) <= 600


def test_what_never_arrived_is_not_found() -> None:
    """Then it is sent."""
    client = FakeWebClient(conversations_history=[page(found_message(7))])
    assert postman(client).find(Address("it-help"), KEY, a.NOON) is None


@pytest.mark.parametrize(
    "to", [Address(a.IT_HELP, edit_ts=Ts("9.0")), Address("C1", only_for=a.BEN)]
)
def test_edits_and_whispers_are_not_looked_for(to: Address) -> None:
    """An edit does no harm twice, and a whisper leaves no trace."""
    assert postman(FakeWebClient()).find(to, KEY, a.NOON) is None


def test_a_message_to_a_person_is_looked_for_in_the_conversation_with_them() -> None:
    """History knows channels, not people."""
    client = FakeWebClient(
        conversations_open=[{"channel": {"id": a.DIRECT}}],
        conversations_history=[page(found_message(42))],
    )
    found = postman(client).find(Address(a.ANA), KEY, a.NOON)
    assert found == Receipt(a.DIRECT, POSTED.ts)
    (call,) = client.calls["conversations_history"]
    assert call["channel"] == a.DIRECT


def test_looking_fails_as_sending_does() -> None:
    """A search that gets no answer is tried again, not taken for 'not there'."""
    client = FakeWebClient(conversations_history=[refusal("ratelimited", 429)])
    with pytest.raises(RetryableDeliveryError):
        postman(client).find(Address("it-help"), KEY, a.NOON)


@pytest.mark.parametrize(
    ("needed", "welcome"), [(None, True), ("chat:write", True), ("x:y", False)]
)
def test_whether_slack_takes_something_again_is_asked_by_signing_in(
    needed: str | None, welcome: bool
) -> None:
    """And by the scopes that it names then."""
    client = FakeWebClient(auth_test=[{}])
    client.headers = {"X-OAuth-Scopes": "chat:write, reactions:write"}
    assert postman(client).is_welcome(needed) is welcome


def test_being_refused_again_is_told() -> None:
    """The stop lasts."""
    with pytest.raises(ShutOutError):
        postman(FakeWebClient(auth_test=[refusal("invalid_auth")])).is_welcome()


def test_what_is_late_says_so() -> None:
    """Only a message that is posted: an edit shows the truth of now."""
    client = FakeWebClient(chat_postMessage=[{"channel": a.IT_HELP, "ts": "9.0"}], chat_update=[{}])
    postman(client).deliver(WORD, Address(a.IT_HELP), KEY, a.NOON)
    postman(client).deliver(WORD, Address(a.IT_HELP, edit_ts=POSTED.ts), KEY, a.NOON)
    assert "answered late" in client.calls["chat_postMessage"][0]["text"]
    assert "late" not in client.calls["chat_update"][0]["text"]
