"""By what a delivery is recognised when it comes again, and whose lane it is in."""

from __future__ import annotations

from bot.desk.ids import Thread
from bot.slack import actions as ids
from bot.slack.parsing.deliveries import delivery_of
from tests import builders as a
from tests.slack import payloads


def test_a_message_and_its_mention_are_one_message() -> None:
    """Slack sends both, under different event ids."""
    text = f"<@{a.BOT}> VPN?"
    message = delivery_of(payloads.callback(payloads.message(text), "Ev1"))
    mention = delivery_of(payloads.callback(payloads.mention(text), "Ev2"))
    assert message.event_id != mention.event_id
    assert message.message_key == mention.message_key == f"{a.TEAM}:{a.IT_HELP}:{a.ASKED}"
    assert message.thread == mention.thread == a.THREAD


def test_the_same_timestamp_in_another_channel_or_team_is_another_message() -> None:
    """The key names all three."""
    keys = {
        delivery_of(payloads.callback(payloads.message())).message_key,
        delivery_of(payloads.callback(payloads.message(channel="C0OTHER001"))).message_key,
        delivery_of(payloads.callback(payloads.message(), team_id="T0OTHER001")).message_key,
        delivery_of(payloads.callback(payloads.message(ts="2.0"))).message_key,
    }
    assert len(keys) == 4


def test_edits_and_deletions_are_known_by_their_event_alone() -> None:
    """A second edit of the same message is news, and it must not look like the message."""
    for event in (payloads.changed("new", "old"), payloads.removed()):
        delivery = delivery_of(payloads.callback(event))
        assert delivery.message_key is None
        assert delivery.thread == a.THREAD


def test_edits_and_deletions_of_replies_wait_in_the_lane_of_their_thread() -> None:
    """What was said first is on record before it is changed."""
    before = {"user": a.ANA, "ts": "2.0", "thread_ts": a.ASKED}
    for event in (
        payloads.message(ts="2.0", thread_ts=a.ASKED),
        payloads.changed("new", "old", ts="2.0", thread_ts=a.ASKED),
        payloads.removed(deleted_ts="2.0", previous_message=before),
    ):
        assert delivery_of(payloads.callback(event)).thread == a.THREAD


def test_a_deletion_without_the_former_message_waits_for_the_message_itself() -> None:
    """Slack leaves it out for old messages."""
    event = payloads.removed()
    del event["previous_message"]
    assert delivery_of(payloads.callback(event)).thread == a.THREAD


def test_a_press_is_known_by_its_trigger() -> None:
    """The same press sent twice has the same trigger; two presses have two."""
    one = delivery_of(payloads.press(ids.SOLVED))
    same = delivery_of(payloads.press(ids.SOLVED))
    other = delivery_of(payloads.press(ids.SOLVED, trigger_id="another"))
    assert one.event_id == same.event_id != other.event_id
    assert one.thread == a.THREAD
    assert one.message_key is None


def test_a_press_on_a_card_is_in_the_lane_of_the_cards_thread() -> None:
    """A card stands in the channel itself; its own timestamp is its thread's."""
    payload = payloads.press(ids.TAKE, "7")
    del payload["container"]["thread_ts"]
    del payload["message"]["thread_ts"]
    assert delivery_of(payload).thread == Thread(a.TEAM, a.IT_HELP, "1772452801.000200")


def test_a_submission_is_in_the_lane_of_the_card_it_was_opened_from() -> None:
    """Resolving must not overtake a press on the same card."""
    payload = payloads.submission(ids.RESOLVE_MODAL, {ids.CAUSE: "Dust.", ids.FIX: "Cleaned."})
    assert delivery_of(payload).thread == Thread(a.TEAM, a.L2_CHANNEL, "5.000001")


def test_a_submission_without_a_trigger_is_known_by_its_view() -> None:
    """View, its version and the person make it one."""
    payload = payloads.submission(ids.RESOLVE_MODAL, {})
    del payload["trigger_id"]
    assert delivery_of(payload).event_id == f"view:V0MODAL001:1772452801.xyz:{a.TOM}"


def test_the_whole_payload_is_kept() -> None:
    """A newer version may read what this one cannot."""
    payload = payloads.callback(payloads.message())
    assert delivery_of(payload).payload == payload
