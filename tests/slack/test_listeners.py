"""The listeners: stored first, acknowledged after; modals while their trigger lives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request import BoltRequest

from bot.desk.tickets import BackToQueue, Mute
from bot.playground.blockkit.surfaces import check_view
from bot.slack import actions as ids
from bot.slack.blocks.tickets import further
from bot.slack.door import Door
from bot.slack.listeners import Listeners
from bot.slack.parsing.channels import channel_news
from bot.slack.parsing.commands import parse
from kb.articles import Article
from tests import builders as a
from tests.slack import payloads
from tests.slack.web_api import FakeWebClient

if TYPE_CHECKING:
    from bot.desk.ids import ChannelId, UserId
    from bot.desk.ports.delivery import Delivery

ARTICLE = Article("vpn-connect", "VPN", "network", "l2", (), "Open the client.")


@dataclass
class Watch:
    """Notes what happened in which order; stores, or fails to."""

    failure: Exception | None = None
    happened: list[str] = field(default_factory=list)
    stored: list[Delivery] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)

    def put(self, delivery: Delivery) -> bool:
        """Store a delivery."""
        if self.failure is not None:
            raise self.failure
        self.happened.append("stored")
        self.stored.append(delivery)
        return True

    def ack(self, **answer: Any) -> None:
        """Acknowledge."""
        self.happened.append("acknowledged")
        self.told.append(answer)


def listeners(watch: Watch) -> Listeners:
    """Build listeners that know one article."""
    return Listeners(watch, lambda article, user, at: ARTICLE if article == ARTICLE.id else None)


def test_an_event_is_stored_before_bolt_acknowledges_it() -> None:
    """The listener itself acknowledges nothing."""
    watch = Watch()
    listeners(watch).store(payloads.callback(payloads.message()))
    assert watch.happened == ["stored"]
    assert watch.stored[0].thread == a.THREAD


def test_a_press_and_a_submission_are_stored_before_they_are_acknowledged() -> None:
    """A kill in between costs a repetition, not the press."""
    for submit in (False, True):
        watch = Watch()
        if submit:
            values = {ids.CAUSE: "Dust.", ids.FIX: "Cleaned."}
            body = payloads.submission(ids.RESOLVE_MODAL, values)
            listeners(watch).store_submission(watch.ack, body)
        else:
            listeners(watch).store_press(watch.ack, payloads.press(ids.SOLVED))
        assert watch.happened == ["stored", "acknowledged"]


def test_what_could_not_be_stored_is_not_acknowledged() -> None:
    """Slack sends an event again, and shows a warning at a press."""
    watch = Watch(failure=OSError("disk full"))
    with pytest.raises(OSError, match="disk full"):
        listeners(watch).store(payloads.callback(payloads.message()))
    with pytest.raises(OSError, match="disk full"):
        listeners(watch).store_press(watch.ack, payloads.press(ids.SOLVED))
    assert watch.happened == []


@pytest.mark.parametrize(
    ("callback", "values", "missing"),
    [
        (ids.RESOLVE_MODAL, {ids.CAUSE: " ", ids.FIX: "Cleaned."}, {ids.CAUSE}),
        (ids.RESOLVE_MODAL, {ids.CAUSE: "", ids.FIX: ""}, {ids.CAUSE, ids.FIX}),
        (ids.ESCALATE_MODAL, {ids.FINDINGS: "\n\t "}, {ids.FINDINGS}),
    ],
)
def test_a_modal_with_an_empty_field_stays_open_and_says_why(
    callback: str, values: dict[str, str], missing: set[str]
) -> None:
    """Nothing is stored."""
    watch = Watch()
    listeners(watch).store_submission(watch.ack, payloads.submission(callback, values))
    assert watch.happened == ["acknowledged"]
    (told,) = watch.told
    assert told["response_action"] == "errors"
    assert set(told["errors"]) == missing


@pytest.mark.parametrize(
    ("action", "value", "callback"),
    [
        (ids.RESOLVE, "7", ids.RESOLVE_MODAL),
        (ids.ESCALATE, "7", ids.ESCALATE_MODAL),
        (ids.FURTHER, "7", ids.FURTHER_MODAL),
        (ids.HAND_OVER, "7", ids.HAND_OVER_MODAL),
        (ids.WHY, "7", ids.WRONG_CALL_MODAL),
        # Buttons and menus of cards that an older version wrote.
        (ids.ASK, "7", ids.ASK_MODAL),
        (ids.REPLY, "7", ids.REPLY_MODAL),
        (ids.RETURN, "7", ids.RETURN_MODAL),
        (ids.INCIDENT, "7", ids.INCIDENT_MODAL),
        (ids.MORE, f"7|{ids.HAND_OVER}", ids.HAND_OVER_MODAL),
        (ids.MORE, f"7|{ids.PRIORITY}", ids.PRIORITY_MODAL),
        (ids.MORE, f"7|{ids.DUPLICATE}", ids.DUPLICATE_MODAL),
        (ids.READ_ARTICLE, "1001|vpn-connect", ids.ARTICLE_MODAL),
    ],
)
def test_buttons_that_need_a_modal_open_it(action: str, value: str, callback: str) -> None:
    """With the trigger of the press; nothing is stored, since nothing is decided."""
    watch, client = Watch(), FakeWebClient(views_open=[{}])
    body = payloads.press(action, value)
    opens = listeners(watch).choose if action == ids.MORE else listeners(watch).open_modal
    opens(watch.ack, body, client)
    (call,) = client.calls["views_open"]
    assert call["trigger_id"] == body["trigger_id"]
    assert call["view"]["callback_id"] == callback
    assert watch.stored == []


@pytest.mark.parametrize(
    ("language", "title"),
    [("de", "Weitere Schritte"), ("fr", "Autres actions"), ("es", "Más opciones"),
     ("pt", "Mais opções"), ("ja", "その他の操作"), ("", "More choices")],
)  # fmt: skip
def test_what_stands_behind_more_is_said_in_the_language_of_who_pressed(
    language: str, title: str
) -> None:
    """Slack takes the modal in each; what it opens is English as before."""
    client = FakeWebClient(views_open=[{}, {}])
    theirs = Listeners(Watch(), lambda *_: None, language_of=lambda user: language)
    theirs.open_modal(Watch().ack, payloads.press(ids.FURTHER, "7"), client)
    theirs.open_modal(Watch().ack, payloads.press(ids.RESOLVE, "7"), client)
    behind, opened = (call["view"] for call in client.calls["views_open"])
    check_view(behind, "modal")
    assert behind["title"]["text"] == title
    assert opened["close"]["text"] == "Cancel"


@pytest.mark.parametrize("choice", further.WORDS)
def test_what_is_chosen_behind_more_is_asked_for_or_done(choice: str) -> None:
    """Its own modal takes the place, with the same origin; what asks for nothing is stored."""
    watch = Watch()
    body = payloads.submission(ids.FURTHER_MODAL, {ids.CHOICE: choice})
    listeners(watch).store_submission(watch.ack, body)
    if choice in further.AT_ONCE:
        assert watch.happened == ["stored", "acknowledged"]
        command = parse(watch.stored[0].payload, a.BOT)
        assert isinstance(command, Mute | BackToQueue)
        assert command.escalation == 7
        return
    assert watch.happened == ["acknowledged"]
    (told,) = watch.told
    assert told["response_action"] == "update"
    check_view(told["view"], "modal")
    before, after = (view["private_metadata"] for view in (body["view"], told["view"]))
    assert ids.ModalOrigin.load(after) == ids.ModalOrigin.load(before)
    assert told["view"]["callback_id"] != ids.FURTHER_MODAL


def test_a_modal_remembers_the_card_that_it_was_opened_from() -> None:
    """The submission acts on it."""
    client = FakeWebClient(views_open=[{}])
    listeners(Watch()).open_modal(Watch().ack, payloads.press(ids.RESOLVE, "7"), client)
    (call,) = client.calls["views_open"]
    assert ids.ModalOrigin.load(call["view"]["private_metadata"]) == ids.ModalOrigin(
        7, a.IT_HELP, "1772452801.000200", a.ASKED
    )


def test_a_failed_listener_leaves_the_event_for_slack_to_send_again() -> None:
    """Anything but 200 stays unacknowledged."""
    watch = Watch()
    answer = Door(watch).answer_error(OSError("disk full"), {"type": "event_callback"})
    assert answer.status == 500
    assert watch.stored == []


def test_what_a_listener_stumbles_over_is_acknowledged_and_set_aside() -> None:
    """Delivered again, it would be stumbled over again, for ever."""
    watch, body = Watch(), payloads.press(ids.SOLVED, user={"id": 7})
    assert Door(watch).answer_error(TypeError("an int is no id"), body).status == 200
    (kept,) = watch.stored
    assert kept.payload == body
    assert kept.trouble == "It could not be taken in (TypeError)."


def test_what_could_not_even_be_set_aside_is_delivered_again() -> None:
    """Nothing is acknowledged that is not on record."""
    watch = Watch(failure=OSError("disk full"))
    assert Door(watch).answer_error(TypeError(), payloads.press(ids.SOLVED)).status == 500


def test_what_nobody_listens_to_is_acknowledged() -> None:
    """Slack would send it again for nothing."""
    unheard = BoltUnhandledRequestError(
        request=BoltRequest(body="{}", mode="socket_mode"), current_response=None
    )
    assert Door(Watch()).answer_error(unheard, {"type": "shortcut"}).status == 200


@pytest.mark.parametrize("from_home", [False, True])
def test_an_article_is_opened_for_who_pressed_and_where(*, from_home: bool) -> None:
    """Not everybody may read every article; a Home is in no channel."""
    asked: list[tuple[str, str, str]] = []

    def read(article: str, user: UserId, at: ChannelId) -> Article | None:
        asked.append((article, user, at))
        return None

    watch, client = Watch(), FakeWebClient(views_open=[{}])
    body = payloads.press(ids.READ_ARTICLE, f"1001|{ARTICLE.id}")
    if from_home:
        body = {**body, "container": {"type": "view", "view_id": "V0HOME0001"}, "channel": None}
    Listeners(watch, read).open_modal(watch.ack, body, client)
    assert asked == [(ARTICLE.id, a.ANA, "" if from_home else a.IT_HELP)]
    (call,) = client.calls["views_open"]
    assert "no longer in the knowledge base" in str(call["view"]["blocks"])


CALLED = {"authorizations": [{"user_id": "U0BOT00001"}], "event_id": "Ev9"}


@pytest.mark.parametrize(
    ("event", "happened"),
    [
        ({"type": "channel_archive", "channel": "C1", "user": "U1"}, "archived"),
        ({"type": "group_archive", "channel": "G1"}, "archived"),
        ({"type": "channel_unarchive", "channel": "C1", "user": "U1"}, "back in use"),
        ({"type": "channel_deleted", "channel": "C1"}, "deleted"),
        ({"type": "channel_rename", "channel": {"id": "C1", "name": "new"}}, "renamed"),
        ({"type": "channel_left", "channel": "C1"}, "left"),
        ({"type": "member_left_channel", "channel": "C1", "user": "U0BOT00001"}, "left"),
        ({"type": "member_joined_channel", "channel": "C1", "user": "U0BOT00001"}, "joined"),
        ({"type": "member_joined_channel", "channel": "C1", "user": "U0MEI00001"}, None),
        ({"type": "channel_archive", "channel": None}, None),
        ({"type": "channel_rename", "channel": {}}, None),
    ],
)
def test_what_slack_says_of_a_channel_is_read(event: dict[str, Any], happened: str | None) -> None:
    """Of members only where it is the app itself."""
    news = channel_news({**CALLED, "event": event})
    assert (news.happened if news else None) == happened
