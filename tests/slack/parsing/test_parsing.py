"""Payloads to commands: what people did, and what is none of the desk's business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.addresses import Spot
from bot.desk.asking import CallPerson, Choose, Deleted, Edited, Message, NotHelpful, Place, Solved
from bot.desk.tickets import File, NotFixed, PassOn, Resolve, Take
from bot.slack import actions as ids
from bot.slack.parsing.commands import UnreadablePayloadError, parse
from tests import builders as a
from tests.slack import payloads

if TYPE_CHECKING:
    from bot.desk.commands import Command

SPOT = Spot(a.TEAM, a.IT_HELP, "1772452801.000200", a.ANA, a.ASKED)
CARD = Spot(a.TEAM, a.L2_CHANNEL, "5.000001", a.TOM)


def read(event: dict[str, Any]) -> Command | None:
    """Parse an event."""
    return parse(payloads.callback(event), a.BOT)


def said(event: dict[str, Any]) -> Message:
    """Parse an event that must be a message."""
    command = read(event)
    assert isinstance(command, Message)
    return command


def test_a_question_in_a_channel_is_a_message() -> None:
    """Who, where, when and what; nobody is addressed."""
    assert said(payloads.message()) == a.message(mentioned=False)


def test_a_direct_message_is_addressed_to_frontline() -> None:
    """By its channel type, or by the channel's id where the type is missing."""
    for event in (
        payloads.message(channel=a.DIRECT, channel_type="im"),
        payloads.mention("Hi", channel=a.DIRECT),
    ):
        assert said(event).place is Place.DIRECT


@pytest.mark.parametrize("mention", [f"<@{a.BOT}>", f"<@{a.BOT}|frontline>"])
def test_a_mention_is_noticed_and_taken_out_of_the_question(mention: str) -> None:
    """The article search should not look for the bot's own name."""
    for event in (payloads.message(f"{mention} VPN?"), payloads.mention(f"{mention} VPN?")):
        message = said(event)
        assert message.mentioned
        assert message.text == "VPN?"
        assert not message.for_somebody_else


def test_a_mention_of_somebody_whose_id_begins_like_ours_is_not_ours() -> None:
    """An id ends where it ends."""
    message = said(payloads.message(f"<@{a.BOT}9> can you look?"))
    assert not message.mentioned
    assert message.for_somebody_else


def test_a_message_that_leads_with_somebody_else_is_for_them() -> None:
    """A colleague was asked, not the desk; unless the desk is named too."""
    assert said(payloads.message(f"<@{a.TOM}> lunch?")).for_somebody_else
    assert not said(payloads.message(f"ask <@{a.TOM}> about it")).for_somebody_else
    assert not said(payloads.message(f"<@{a.TOM}> <@{a.BOT}> help")).for_somebody_else


def test_a_reply_names_its_thread() -> None:
    """A reply is not a new question."""
    message = said(payloads.message(ts="2.0", thread_ts=a.ASKED))
    assert message.thread == a.THREAD
    assert not message.is_top_level


@pytest.mark.parametrize(
    "changes",
    [
        {"user": None},
        {"user": ""},
        {"user": a.BOT},
        {"bot_id": "B0OTHER001"},
        {"bot_id": "B0OTHER001", "subtype": "bot_message"},
        {"subtype": "channel_join"},
        {"subtype": "channel_topic"},
        {"subtype": "something_new_of_2027"},
        {"subtype": "message_replied"},
        {"type": "reaction_added"},
    ],
)
def test_what_no_person_wrote_is_none_of_our_business(changes: dict[str, Any]) -> None:
    """Bots, ourselves, joins, and whatever Slack will think of next."""
    assert read(payloads.message(**changes)) is None


def test_a_message_without_any_user_field_is_ignored() -> None:
    """Some system messages have none."""
    event = payloads.message()
    del event["user"]
    assert read(event) is None


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", "me_message"])
def test_a_persons_own_words_arrive_under_several_subtypes(subtype: str) -> None:
    """All of them are messages."""
    assert said(payloads.message(subtype=subtype)).text == "How do I connect to the VPN?"


def test_files_are_named_with_their_links() -> None:
    """Engineers can open what was attached; a file that Slack hides says so."""
    files = [
        {"id": "F1", "name": "error.png", "permalink": "https://larkfield.example/f/1"},
        {"id": "F2", "mode": "hidden_by_limit"},
    ]
    message = said(payloads.message("", subtype="file_share", files=files))
    assert message.text == ""
    assert message.files == (
        File("error.png", "https://larkfield.example/f/1"),
        File("a file that the workspace's plan hides", ""),
    )


def test_a_forwarded_message_without_words_of_its_own_is_read_from_its_attachment() -> None:
    """People forward a mail or a message and write nothing else."""
    attachments = [{"text": "The VPN says error 809"}, {"fallback": "from Ben"}]
    assert said(payloads.message("", attachments=attachments)).text == (
        "The VPN says error 809\nfrom Ben"
    )


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("<!channel> the wiki is down", "@channel the wiki is down"),
        ("<!here> hello", "@here hello"),
        ("<!subteam^S1|@l2-oncall> hello", "@l2-oncall hello"),
        ("<!subteam^S1> hello", "@subteam hello"),
        ("see <https://x.example/a?b=1&amp;c=2>", "see https://x.example/a?b=1&c=2"),
        ("see <https://x.example|the page>", "see the page (https://x.example)"),
        ("mail <mailto:it@x.example|it@x.example>", "mail it@x.example"),
        ("in <#C0ITHELP01|it-help>", "in #it-help"),
        ("a &lt;b&gt; &amp; c &amp;lt;", "a <b> & c &lt;"),
        ("  padded\t\n", "padded"),
        ("bell\x07 null\x00 back\x08 rtl\u202e end", "bell null back rtl end"),
        ("half an emoji \ud83d", "half an emoji"),
        ("first line\nsecond line", "first line\nsecond line"),
    ],
)
def test_text_is_read_as_a_person_sees_it(written: str, read_as: str) -> None:
    """Links, mentions, entities and invisible characters."""
    assert said(payloads.message(written)).text == read_as


@pytest.mark.parametrize("text", ["", " ", ":tada:", "🎉", ":+1::skin-tone-3:"])
def test_a_message_without_words_is_still_a_message(text: str) -> None:
    """What is said to it is decided by the desk, not by the reading."""
    assert said(payloads.message(text)).text == text.strip().replace("::skin-tone-3", "")


def test_forty_thousand_characters_are_read_to_the_end() -> None:
    """Nothing is cut on the way in."""
    text = "word " * 8_000
    assert said(payloads.message(text)).text == text.strip().replace("::skin-tone-3", "")


def test_an_edit_carries_the_new_words() -> None:
    """Of the message that was changed, not of the event."""
    assert read(payloads.changed("VPN on Linux?", "VPN?")) == a.edited("VPN on Linux?")


@pytest.mark.parametrize(
    "event",
    [
        payloads.changed("same", "same"),
        payloads.changed("new", "old", bot_id="B0FRONT001"),
        payloads.changed("new", "old", user=None),
    ],
    ids=["unfurled", "by a bot", "by nobody"],
)
def test_a_change_that_no_person_made_is_ignored(event: dict[str, Any]) -> None:
    """Slack unfurls links; bots edit themselves."""
    assert read(event) is None


def test_a_message_that_leaves_a_tombstone_was_deleted() -> None:
    """Slack changes a message that has replies into a stone instead of removing it."""
    stone = payloads.changed("This message was deleted.", "Oops", subtype="tombstone")
    assert isinstance(read(stone), Deleted)


def test_a_deletion_names_the_message_and_its_thread() -> None:
    """Its thread is known from the message as it was."""
    assert read(payloads.removed()) == a.deleted()
    before = {"user": a.ANA, "ts": a.ASKED, "thread_ts": "1.0"}
    assert read(payloads.removed(previous_message=before)) == a.deleted(thread_ts="1.0")


def test_a_deletion_of_a_message_that_slack_no_longer_shows_is_read() -> None:
    """Older messages come without what they said."""
    event = payloads.removed()
    del event["previous_message"]
    assert isinstance(read(event), Deleted)


def test_the_deletion_of_a_bots_message_is_ignored() -> None:
    """Ours included."""
    before = {"bot_id": "B0FRONT001", "ts": a.ASKED}
    assert read(payloads.removed(previous_message=before)) is None


@pytest.mark.parametrize(
    ("action_id", "value", "command"),
    [
        (ids.SOLVED, "1001", Solved(SPOT, 1001)),
        (ids.NOT_HELPFUL, "1001|vpn-connect", NotHelpful(SPOT, 1001, "vpn-connect")),
        (ids.NOT_HELPFUL, "1001", NotHelpful(SPOT, 1001, None)),
        (ids.CALL_PERSON, "1001", CallPerson(SPOT, 1001)),
        (ids.NOT_FIXED, "1001", NotFixed(SPOT, 1001)),
        (ids.TAKE, "7", Take(SPOT, 7)),
        (f"{ids.CHOOSE}.2", "1001|vpn-connect", Choose(SPOT, 1001, "vpn-connect")),
    ],
)
def test_each_button_is_a_command(action_id: str, value: str, command: Command) -> None:
    """With the place of the press and what the button is about."""
    assert parse(payloads.press(action_id, value), a.BOT) == command


@pytest.mark.parametrize("action_id", ["frontline.unheard_of", "frontline.choose.1"])
def test_a_button_that_we_do_not_know_is_ignored(action_id: str) -> None:
    """A button of an older version, or one without its article, does nothing."""
    assert parse(payloads.press(action_id, "1001"), a.BOT) is None


def test_a_press_in_a_modal_or_the_home_tab_is_no_press_on_a_message() -> None:
    """It has no message to change."""
    container = {"type": "view", "view_id": "V1"}
    assert parse(payloads.press(ids.SOLVED, container=container), a.BOT) is None


def test_a_top_level_press_has_no_thread() -> None:
    """A card stands in the channel itself."""
    payload = payloads.press(ids.TAKE, "7")
    del payload["container"]["thread_ts"]
    del payload["message"]["thread_ts"]
    command = parse(payload, a.BOT)
    assert isinstance(command, Take)
    assert command.at.thread_ts is None


def test_modals_carry_what_was_entered_and_where_they_came_from() -> None:
    """The place is that of the card, the person is the one who submitted."""
    resolve = payloads.submission(ids.RESOLVE_MODAL, {ids.CAUSE: " Dust. ", ids.FIX: "Cleaned.\n"})
    assert parse(resolve, a.BOT) == Resolve(CARD, 7, "Dust.", "Cleaned.")
    pass_on = payloads.submission(ids.ESCALATE_MODAL, {ids.FINDINGS: "Not \x00the network."})
    assert parse(pass_on, a.BOT) == PassOn(CARD, 7, "Not the network.")


def test_a_modal_of_somebody_else_is_ignored() -> None:
    """So is the one that only shows an article."""
    assert parse(payloads.submission("other.modal", {}), a.BOT) is None
    assert parse(payloads.submission(ids.ARTICLE_MODAL, {}), a.BOT) is None


@pytest.mark.parametrize("kind", ["shortcut", "message_action", "app_rate_limited", None, 7])
def test_an_unknown_type_of_payload_is_ignored(kind: object) -> None:
    """Slack may send what this version has not subscribed to."""
    assert parse({"type": kind}, a.BOT) is None


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "event_callback"},
        {"type": "event_callback", "event": None},
        {"type": "event_callback", "event": ["message"]},
        payloads.callback({"type": "message", "user": a.ANA, "text": "no channel"}),
        payloads.callback({"type": "message", "subtype": "message_changed", "channel": "C1"}),
        payloads.callback({"type": "message", "subtype": "message_deleted", "channel": "C1"}),
        payloads.callback(payloads.message(files="not a list")),
        payloads.press(ids.SOLVED, "not a number"),
        payloads.press(ids.SOLVED, actions=[]),
        payloads.press(ids.SOLVED, user=None),
        payloads.submission(ids.RESOLVE_MODAL, {}),
        payloads.submission(ids.RESOLVE_MODAL, {}, view={"callback_id": ids.RESOLVE_MODAL}),
    ],
)
def test_a_malformed_payload_is_named_as_such(payload: dict[str, Any]) -> None:
    """It is kept and shown to the admin instead of failing as a defect of ours."""
    with pytest.raises(UnreadablePayloadError, match="kept in the inbox"):
        parse(payload, a.BOT)


def test_edits_of_replies_belong_to_their_thread() -> None:
    """The root travels with the changed message."""
    command = read(payloads.changed("new", "old", ts="2.0", thread_ts=a.ASKED))
    assert isinstance(command, Edited)
    assert command.thread == a.THREAD


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "https://a.example/x> <!here", "http://a.example", "", None],
)
def test_a_file_has_the_address_that_slack_gave_or_none(address: object) -> None:
    """One that would break out of its link is no address."""
    files = [{"id": "F1", "name": "a\nb.png", "permalink": address}]
    message = said(payloads.message("", subtype="file_share", files=files))
    assert message.files == (File("a b.png", ""),)


def test_an_address_that_is_no_text_is_refused_with_its_payload() -> None:
    """By its name, as everything that is not what its type promises."""
    files = [{"id": "F1", "name": "b.png", "permalink": 7}]
    with pytest.raises(UnreadablePayloadError, match="permalink"):
        said(payloads.message("", subtype="file_share", files=files))
