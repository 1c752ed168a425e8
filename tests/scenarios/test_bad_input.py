"""The bad input that the desk must bear: each has an outcome that somebody can see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.playground.errors import Refused
from bot.slack.manifest import manifest
from tests.scenarios.office import BOT, NAMELESS
from tests.scenarios.screen import reads

if TYPE_CHECKING:
    from tests.scenarios.office import Office

NO_WORDS = "I could not find any words in that message"
GENERAL = "C0GENERAL1"


def test_a_mention_without_words_is_asked_for_some(office: Office) -> None:
    """An empty message that is addressed to it."""
    asked = office.ask(office.ana, "@frontline", "warehouse")
    asked.waits_for(NO_WORDS)
    office.settle()
    assert len(asked.replies) == 1


@pytest.mark.parametrize("text", [":wave:", ":+1::skin-tone-3:", "👍", "?!", "…"])
def test_an_emoji_alone_is_asked_for_words_where_it_is_addressed(office: Office, text: str) -> None:
    """In direct messages it is answered; in a channel nobody was asked anything."""
    office.ask(office.ana, text, office.ana.dm(BOT)).waits_for(NO_WORDS)
    silent = office.ask(office.ana, text)
    office.settle()
    assert silent.replies == []


def test_an_emoji_alone_is_no_word_on_an_older_request(office: Office) -> None:
    """What it is about only its writer knows: it is answered below itself, and nowhere else."""
    dm = office.tom.dm(BOT)
    asked = office.ask(office.tom, "my password is asleep", dm)
    asked.waits_for("Reset your password")
    sign = office.ask(office.tom, ":fire:", dm)
    sign.waits_for(NO_WORDS)
    office.settle()
    assert (len(asked.replies), len(sign.replies)) == (1, 1)


def test_who_is_asked_for_a_sentence_is_answered_whatever_it_is(office: Office) -> None:
    """Small talk to who did not ask; here it is what does not work. Those called read all of it."""
    asked = office.ask(office.tom, "it doesn't work")
    asked.waits_for("Please tell me in a sentence")
    asked.say("the thing for lunch")
    asked.waits_for("[Something else]")
    asked.press("Talk to a person")
    assert "it doesn't work" in office.card(office.mei, "the thing for lunch").replies[0]


def test_an_empty_text_in_a_ticket_is_asked_for_words(office: Office) -> None:
    """A picture without a word arrives with an empty text."""
    dm = office.ana.dm(BOT)
    asked = office.ask(office.ana, "my password is a picture", dm)
    asked.waits_for("Reset your password")
    office.settle()
    event = {
        "type": "message", "channel": dm, "channel_type": "im", "user": office.ana.id,
        "text": "", "ts": "1800000000.000100", "thread_ts": asked.ts,
    }  # fmt: skip
    office.playground.control("deliver", event=event)
    asked.waits_for(NO_WORDS)


def test_a_file_without_words_reaches_those_who_work_on_it(office: Office) -> None:
    """A screenshot in an escalated thread is passed on as a link."""
    asked = office.ask(office.ana, "The vpn drops, see the picture")
    card = office.card(office.mei, "see the picture")
    office.settle()
    event = {
        "type": "message", "subtype": "file_share", "channel": "C0ITHELP01",
        "channel_type": "channel", "user": office.ana.id, "text": "", "ts": "1800000000.000200",
        "thread_ts": asked.ts, "files": [{"name": "a <b>.png", "permalink": "https://x.example/f"}],
    }  # fmt: skip
    office.playground.control("deliver", event=event)
    assert "a &lt;b&gt;.png https://x.example/f" in card.waits_for("[file:")


def test_forty_thousand_characters_are_read_and_cut_where_they_are_shown(office: Office) -> None:
    """A pasted log: triaged, escalated, and no block too long for Slack."""
    log = "The vpn drops & here is the log <all of it>\n" + "2026-11-21 tun0 <down> & up\n" * 2000
    asked = office.ask(office.ana, log[:40_000])
    asked.waits_for("passed it to the specialists on call")
    card = office.card(office.mei, "here is the log")
    assert "&lt;all of it&gt;" in card.top
    assert len(card.top) < 3_000
    office.settle()
    added = asked.say(log[:40_000])
    card.waits_for("writes:")
    office.ana.wait_for(lambda: asked.marks(added) == ["eyes"])
    assert [call["answer"]["ok"] for call in office.calls("chat.postMessage")] == [True] * 4


def test_control_characters_are_dropped(office: Office) -> None:
    """Neither the card nor the handoff shows them; the words stay."""
    office.ask(office.ana, "The vpn\x07 drops\x00 in\u202e the \x1b[31mred\u2028 room")
    card = office.card(office.mei, "red room")
    shown = card.top + card.waits_for("Handoff of")
    assert "The vpn drops in the [31mred room" in shown
    assert not set("\x00\x07\x1b\u202e\u2028") & set(shown)


@pytest.mark.parametrize(
    ("number", "typed", "shown"),
    [
        (1, "<!channel> the vpn drops for all", "@\u2060channel the vpn drops for all"),
        (2, "<!here|here> the vpn drops here", "@\u2060here the vpn drops here"),
        (3, "<!subteam^S0L2ONCALL> the vpn drops, group", "the vpn drops, group"),
        (4, "the vpn drops <@U0SAM00001> knows", "the vpn drops"),
    ],
)
def test_nobody_is_paged_by_the_words_of_a_question(
    office: Office, number: int, typed: str, shown: str
) -> None:
    """What a question mentions is quoted as plain text, in the card, the handoff and the notes."""
    first = office.ask(office.ana, f"@frontline the vpn drops, page {number}: {typed}", "warehouse")
    event: dict[str, Any] = {
        "type": "message", "channel": "C0WAREHS01", "channel_type": "channel",
        "user": office.ana.id, "text": typed, "ts": f"1800000000.00030{number}",
        "thread_ts": first.ts,
    }  # fmt: skip
    card = office.card(office.mei, f"page {number}: ")
    office.settle()
    office.playground.control("deliver", event=event)
    card.waits_for("writes:")
    office.settle()
    for message in card.messages:
        words = reads(message)
        assert "<!channel" not in words
        assert "<!here" not in words
        assert "<@U0SAM00001>" not in words
        assert words.count("<!subteam^") == (1 if message["ts"] == card.ts else 0)
    assert shown in card.waits_for("writes:")


def test_a_mention_of_everybody_in_the_question_is_shown_escaped(office: Office) -> None:
    """The question of the card itself."""
    office.ask(office.ana, "<!channel> everybody: the vpn drops at noon")
    card = office.card(office.mei, "drops at noon")
    for call in office.calls("chat.postMessage"):
        assert "<!channel>" not in str(call["arguments"])
    assert "channel" in card.top


@pytest.mark.parametrize(
    "event",
    [
        {"type": "sun_went_down", "user": "U0ANA00001"},
        {"type": "message", "subtype": "ekm_access_denied", "channel": "C0ITHELP01", "ts": "1.2"},
        {"type": "message", "channel": "C0ITHELP01"},
        {"type": "message", "subtype": "message_changed", "channel": "C0ITHELP01", "ts": "1.3"},
        {"type": "message", "subtype": "message_deleted", "channel": "C0ITHELP01", "ts": "1.4"},
        {
            "type": "app_mention",
            "user": {"id": 7},
            "text": 12,
            "channel": "C0ITHELP01",
            "ts": "1.5",
        },
    ],
    ids=["unknown type", "unknown subtype", "no fields", "no message", "no ts", "wrong types"],
)
def test_an_unknown_payload_is_acknowledged_and_harms_nobody(
    office: Office, event: dict[str, Any]
) -> None:
    """It is acknowledged, nobody sees anything of it, and the next question is answered."""
    delivered = office.playground.control("deliver", event=event)
    office.settle()
    sent = office.playground.control("envelopes", since=office._since)["envelopes"]
    ours = [
        entry["envelope"]
        for entry in sent
        if entry["kind"] == "envelope"
        and entry["envelope"]["payload"].get("event_id") == delivered["event_id"]
    ]
    assert len(ours) == 1
    assert ours[0]["envelope_id"] in {e["envelope_id"] for e in sent if e["kind"] == "ack"}
    posted = [call["arguments"]["text"] for call in office.calls("chat.postMessage")]
    assert [text for text in posted if "wrong on my side" in text] == []
    office.ask(office.ana, "my password, next").waits_for("Reset your password")


def test_what_somebody_wrote_in_an_unknown_form_stands_in_no_log(
    office: Office, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """A text that is an object: it is said what was odd about it, and not what it says."""
    event = {
        "type": "message", "channel": "C0ITHELP01", "channel_type": "channel",
        "user": office.ana.id, "text": {"x": "my biopsy came back"}, "ts": "1800000000.000700",
    }  # fmt: skip
    office.playground.control("deliver", event=event)
    office.settle()
    said = caplog.text + "".join(capfd.readouterr())
    assert "event.text" in said
    assert "biopsy" not in said


def test_an_interaction_of_an_unknown_type_is_acknowledged(office: Office) -> None:
    """The app's page at Slack offers what this version does not know: no error on the screen."""
    newer = manifest()
    shortcut = {"name": "New", "type": "global", "callback_id": "new", "description": "New"}
    newer["features"] = {**newer["features"], "shortcuts": [shortcut]}
    office.playground.control("manifest", manifest=newer)
    office.ana.shortcut("new")
    office.playground.control("manifest", manifest=manifest())
    office.ask(office.ana, "my password, then").waits_for("Reset your password")


def test_a_message_deleted_before_the_answer_came_ends_without_noise(office: Office) -> None:
    """The thread is gone when the answer is to be posted: no loop, and the bot goes on."""
    office.fault("slow", "chat.postMessage", seconds=0.4)
    dm = office.tom.dm(BOT)
    ts = office.tom.say(dm, "my password, oh no")
    office.playground.control("settle")
    office.tom.delete(dm, ts)
    office.settle()
    found = office.rows("SELECT state, question FROM tickets WHERE asked_ts = ?", ts)
    assert found == [("resolved", "(deleted)")]
    office.ask(office.tom, "my password, again", dm).waits_for("Reset your password")


def test_messages_of_other_bots_are_not_answered(office: Office) -> None:
    """Not as questions, not as remarks, not when they mention Frontline: two bots would loop."""
    asked = office.ask(office.ana, "my password, and a robot")
    asked.waits_for("Reset your password")
    office.settle()
    robot = {
        "type": "message", "channel": "C0ITHELP01", "channel_type": "channel",
        "bot_id": "B0ROBOT001", "text": f"<@{BOT}> the vpn drops, beep",
    }  # fmt: skip
    said = asked.replies
    for extra in (
        {"subtype": "bot_message", "ts": "1800000000.000400"},
        {"user": "U0ROBOT001", "ts": "1800000000.000500"},
        {"user": "U0ROBOT001", "ts": "1800000000.000600", "thread_ts": asked.ts},
        {"type": "app_mention", "user": "U0ROBOT001", "ts": "1800000000.000700"},
    ):
        office.playground.control("deliver", event=robot | extra)
    office.settle()
    assert asked.replies == said
    assert office.cards(office.mei, "beep") == []


def test_somebody_without_a_name_is_served_like_anybody(office: Office) -> None:
    """People are mentioned by id: a missing name changes nothing."""
    asked = office.ask(office.person(NAMELESS), "The vpn drops, and who am I?")
    asked.waits_for("passed it to the specialists on call")
    card = office.card(office.mei, "who am I?")
    assert f"<@{NAMELESS}>" in card.top
    card.press("Take it")
    asked.waits_for("has taken")


def test_somebody_whom_slack_no_longer_knows_is_served(office: Office) -> None:
    """A deactivated account, or one of another workspace: by its id too."""
    event = {
        "type": "message", "channel": "C0ITHELP01", "channel_type": "channel",
        "user": "U0STRANGER", "text": "The vpn drops for strangers", "ts": "1800000000.000800",
    }  # fmt: skip
    office.playground.control("deliver", event=event)
    card = office.card(office.mei, "for strangers")
    assert "<@U0STRANGER>" in card.top


def test_a_channel_that_the_bot_is_not_in_is_answered_directly(office: Office) -> None:
    """It was mentioned, cannot write there, and so answers the requester directly."""
    ts = office.tom.say("general", "@frontline my password, from afar")
    event = {
        "type": "app_mention", "channel": GENERAL, "user": office.tom.id, "ts": ts,
        "text": f"<@{BOT}> my password, from afar",
    }  # fmt: skip
    office.playground.control("deliver", event=event)
    dm = office.tom.dm(BOT)

    def answer() -> dict[str, Any] | None:
        said = [m for m in office.tom.sees(dm) if m.get("bot_id")]
        return said[-1] if said and "Reset your password" in reads(said[-1]) else None

    office.tom.wait_for(answer, 20)
    office.settle()
    assert office.tom.thread("general", ts)[1:] == []
    dead = office.rows("SELECT error FROM outbox WHERE state = 'dead' AND channel = ?", GENERAL)
    assert "not_in_channel; invite the app to the channel" in dead[-1][0]

    found = office.tom.wait_for(answer)
    here = office.screen(office.tom, dm, found["ts"])
    here.press("That solved it")
    office.tom.wait_for(
        lambda: any("Glad that it is solved" in reads(m) for m in office.tom.sees(dm)), 20
    )


def test_the_page_itself_refuses_an_empty_message(office: Office) -> None:
    """As Slack's own does: the desk never sees one."""
    with pytest.raises(Refused):
        office.ana.say("it-help", "  \n ")
