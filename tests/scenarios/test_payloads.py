"""What Slack really sends: forwarded messages, mentions by an edit, no words, Slack itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.scenarios.office import ANA, BOT

if TYPE_CHECKING:
    from tests.scenarios.office import Office

TILL = "The till in shop 4 beeps thrice and stays shut since the update"


def deliver(office: Office, channel: str, ts: str, **event: Any) -> None:
    """Let Slack send an event about a message that stands there."""
    event = {"type": "app_mention", "channel": channel, "ts": ts, "user": ANA, **event}
    office.playground.control("deliver", event=event)
    office.settle()


def test_what_was_forwarded_with_a_mention_is_the_question(office: Office) -> None:
    """The mention came by an edit, of a message that was passed over before."""
    ts = office.ana.say("warehouse", "look at this")
    office.settle()
    shared = {
        "is_share": True,
        "author_id": "U0TOM00001",
        "text": TILL,
        "files": [{"name": "t.png"}],
    }
    edited = {"user": ANA, "ts": "1999999999.000100"}
    deliver(office, "C0WAREHS01", ts, text=f"<@{BOT}>", attachments=[shared], edited=edited)
    assert len(office.screen(office.ana, "warehouse", ts).messages) > 1
    ((question,),) = office.rows("SELECT question FROM tickets WHERE asked_ts = ?", ts)
    assert question == TILL


def test_an_escalation_on_a_message_without_words_keeps_its_reason(office: Office) -> None:
    """A screenshot, an emoji: the reason is what those on call start from."""
    ts = office.tom.say("warehouse", ":rotating_light:")
    office.tom.shortcut("frontline.open_escalation", "warehouse", ts)
    office.tom.wait_for(office.tom.modal)
    assert office.tom.submit({"reason": "The sorter stops dead", "tier": "L3"}) is None
    card = office.card(office.priya, "The sorter stops dead", "l3-engineering")
    assert "<@U0TOM00001>" in card.top


def test_slackbot_is_nobody(office: Office) -> None:
    """Its notices are answered by nothing, and page nobody."""
    dm = office.ana.dm(BOT)
    before = office.rows("SELECT count(*) FROM tickets")
    deliver(
        office, dm, "1764000000.000100", type="message", channel_type="im", user="USLACKBOT",
        text="Sam archived the channel #it-help",
    )  # fmt: skip
    assert office.rows("SELECT count(*) FROM tickets") == before
    assert not any("archived" in str(each) for each in office.ana.sees(dm))
