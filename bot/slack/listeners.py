"""The listeners: check, store, return. Only modals, which need a live trigger, are opened here."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.desk.ids import ChannelId, EscalationId, TicketId, UserId, parse_ticket_name
from bot.desk.learning import DraftId, ProblemId
from bot.desk.tickets import with_files
from bot.desk.tiers import Tier
from bot.slack import actions as ids
from bot.slack.blocks import modals
from bot.slack.blocks.asking.modals import article_modal, gone_modal
from bot.slack.blocks.incidents.modals import incident_modal, update_modal
from bot.slack.blocks.learning import modals as draft_modals
from bot.slack.blocks.learning import problems as problem_modals
from bot.slack.blocks.privacy.words import masked_modal
from bot.slack.blocks.tickets import thread_modals
from bot.slack.blocks.tickets.further import AT_ONCE, further_modal
from bot.slack.blocks.tickets.modals import pass_on_modal, resolve_modal
from bot.slack.blocks.tickets.resting import snooze_modal
from bot.slack.blocks.views import modals as place_modals
from bot.slack.door import Door
from bot.slack.parsing.channels import CHANNEL_EVENTS, CONVERSIONS, channel_news
from bot.slack.parsing.commands import spot_of, spot_of_view
from bot.slack.parsing.deliveries import delivery_of
from bot.slack.parsing.places import origin_of
from bot.slack.parsing.presses import entered, value_of
from bot.slack.parsing.reading import words_of
from bot.slack.parsing.workspace import at_home
from bot.slack.words import speaking

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slack_bolt import Ack, App
    from slack_sdk import WebClient

    from bot.desk.addresses import Spot
    from bot.desk.ports.delivery import Deliveries
    from bot.desk.tickets import About, Alike, Line
    from bot.service.messages.channels import ChannelNews
    from bot.service.views.looking import EngineersLooks
    from kb.articles import Article

    Body = dict[str, Any]

OURS = re.compile(r"frontline\..+")
SLASH = re.compile(r"/.+")
PEOPLE_EVENTS = ("subteam_members_changed", "subteam_updated", "user_change")
ANYTHING = re.compile(r".*")
CHECKED = frozenset({ids.HAND_OVER_MODAL, ids.DUPLICATE_MODAL, ids.SNOOZE_MODAL})
"""Modals in which what would be refused afterwards is said at once."""
OPENS_MODAL = re.compile(
    "|".join(
        re.escape(action)
        for action in (
            ids.RESOLVE,
            ids.ESCALATE,
            ids.READ_ARTICLE,
            ids.ASK_HOME,
            ids.SHOW_MASKED,
            ids.UPDATE_ALL,
            ids.INCIDENT,
            ids.FURTHER,
            ids.DRAFT_EDIT,
            ids.DRAFT_MERGE,
            ids.PROBLEM_LINK,
            *thread_modals.BUTTONS,
        )
    )
)
STORED = re.compile(
    rf"(?!(?:{OPENS_MODAL.pattern}|{re.escape(ids.MORE)}|{re.escape(ids.PROBLEM_LINK)}\..+)$)"
    r"frontline\..+"
)


class Listeners:
    """What Bolt calls; each stores what came before it is acknowledged."""

    def __init__(  # noqa: PLR0913 - each is a look into another room
        self,
        deliveries: Deliveries,
        read_article: Callable[[str, UserId, ChannelId], Article | None],
        show_masked: Callable[[Spot, TicketId], Sequence[Line] | None] = lambda *_: None,
        people_changed: Callable[[Body | None], None] = lambda _: None,
        *,
        looks: EngineersLooks | None = None,
        channel_changed: Callable[[ChannelNews], None] = lambda _: None,
        language_of: Callable[[UserId], str] = lambda _: "",
        home: str | None = None,
        slipped: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Store into `deliveries`; articles are read, for somebody somewhere, for their modal.

        `show_masked` decides who sees what was masked; `people_changed` hears of the person who
        did, or that groups did; `looks` are what an engineer's modal shows and checks; `home` is
        the workspace of the installation, whichever a payload names; `slipped` hears of what is
        not stored.
        """
        self._deliveries = deliveries
        self._home = home
        self.door = Door(deliveries, home, slipped)
        self._read_article = read_article
        self._show_masked = show_masked
        self._people_changed = people_changed
        self._looks = looks
        self._language_of = language_of
        self._channel_changed = channel_changed

    def register(self, app: App) -> None:
        """Tell Bolt which listener is for what."""
        for event in ("message", "app_mention", "app_home_opened"):
            app.event(event)(self.store)
        for event in CHANNEL_EVENTS:
            app.event(event)(self.look_at_channel)
        for event in PEOPLE_EVENTS:
            app.event(event)(self.look_again)
        app.event(ANYTHING)(ignore)
        app.action(OPENS_MODAL)(self.open_modal)
        app.action(STORED)(self.store_press)
        app.action(ids.MORE)(self.choose)
        app.shortcut(ids.SEND_ON)(self.store_press)
        app.shortcut(ids.ASK_ANYTHING)(self.open_ask)
        app.shortcut(ids.ASK_ABOUT)(self.store_press)
        app.shortcut(ids.OPEN_ESCALATION)(self.open_escalation)
        app.shortcut(ids.DECLARE)(self.open_escalation)
        app.command(SLASH)(self.store_press)
        app.view(OURS)(self.store_submission)
        app.options(ids.ORIGINAL)(self.offer_originals)
        app.error(self.door.answer_error)

    def store(self, body: Body) -> None:
        """Store an event; Bolt acknowledges it after this returned."""
        self._deliveries.put(delivery_of(body, home=self._home))
        if body["event"].get("subtype") in CONVERSIONS:
            self.look_at_channel(body)

    def look_again(self, body: Body) -> None:
        """Groups or a person changed: what was remembered of them is no longer relied on."""
        person = body["event"].get("user")
        self._people_changed(person if isinstance(person, dict) else None)

    def look_at_channel(self, body: Body) -> None:
        """A channel changed: if the desk uses it, the admin hears of it, and it is read anew."""
        news = channel_news(body)
        if news is not None:
            self._channel_changed(news)

    def store_press(self, ack: Ack, body: Body) -> None:
        """Store a press, then acknowledge it."""
        self._deliveries.put(delivery_of(body, home=self._home))
        ack()

    def store_submission(self, ack: Ack, body: Body) -> None:
        """Check what was entered; store it, then acknowledge it."""
        values = entered(body)
        callback = str(body["view"].get("callback_id"))
        wrong = (
            modals.problems(callback, values)
            | draft_modals.problems(callback, values)
            | problem_modals.problems(callback, values)
        )
        named = values.get(ids.ARTICLE, "").strip()
        if named and self._article_for(body, named) is None:
            wrong[ids.ARTICLE] = "There is no article of this id."
        wrong |= {} if wrong else self._objections(body, values)
        if wrong:
            ack(response_action="errors", errors=wrong)
            return
        if callback == ids.FURTHER_MODAL and values[ids.CHOICE] not in AT_ONCE:
            # What was chosen asks for more: its modal takes this one's place.
            origin = ids.ModalOrigin.load(str(body["view"]["private_metadata"]))
            at = spot_of_view(at_home(body, self._home), origin)
            ack(
                response_action="update", view=self._engineers_modal(values[ids.CHOICE], at, origin)
            )
            return
        self._deliveries.put(delivery_of(body, home=self._home))
        ack()

    def offer_originals(self, ack: Ack, body: Body) -> None:
        """Offer, while somebody types, the tickets that theirs may be the same as."""
        origin = ids.ModalOrigin.load(str(body["view"]["private_metadata"]))
        found: Sequence[Alike] = ()
        if self._looks is not None:
            number, typed = EscalationId(origin.escalation), str(body.get("value") or "")
            found = self._looks.originals(
                spot_of_view(at_home(body, self._home), origin), number, typed
            )
        ack(options=thread_modals.ticket_options(found))

    def _objections(self, body: Body, values: dict[str, str]) -> dict[str, str]:
        """Say in the modal, where what was typed still stands, what would be refused after it."""
        callback = body["view"].get("callback_id")
        if self._looks is None or callback not in CHECKED:
            return {}
        origin = ids.ModalOrigin.load(str(body["view"]["private_metadata"]))
        number = EscalationId(origin.escalation)
        if callback == ids.HAND_OVER_MODAL:
            why = self._looks.against_hand_over(number, UserId(values[ids.TARGET]))
            return {ids.TARGET: why} if why else {}
        if callback == ids.SNOOZE_MODAL:
            own = values.get(ids.UNTIL)
            why = self._looks.against_snooze(datetime.fromtimestamp(int(own), UTC)) if own else None
            return {ids.UNTIL: why} if why else {}
        original = parse_ticket_name(values[ids.ORIGINAL])
        why = self._looks.against_duplicate(number, original) if original else None
        return {ids.ORIGINAL: why} if why else {}

    def open_modal(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open the modal that a button asks for, while its trigger lives."""
        ack()
        at = at_home(body, self._home)
        with speaking(self._language_of(UserId(str(body["user"]["id"])))):
            view = self._requesters_modal(at)
            if at["actions"][0]["action_id"] == ids.FURTHER:
                view = self._modal_for(at)
        view = view or self._modal_for(at)
        if view is not None:
            client.views_open(trigger_id=body["trigger_id"], view=view)

    def open_ask(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open the modal of the shortcut *New support request*."""
        ack()
        with speaking(self._language_of(UserId(str(body["user"]["id"])))):
            view = _ask_modal(body)
        client.views_open(trigger_id=body["trigger_id"], view=view)

    def open_escalation(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open the modal of *Open an escalation* or *Declare an incident* on a message."""
        ack()
        declares = body.get("callback_id") == ids.DECLARE
        shown = place_modals.declare_modal if declares else place_modals.escalation_modal
        view = shown(origin_of(at_home(body, self._home), with_files(*words_of(body["message"]))))
        client.views_open(trigger_id=body["trigger_id"], view=view)

    def choose(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Follow an entry of a card's menu: it opens a modal, or is stored as a press."""
        _, chosen = ids.read_about(value_of(body["actions"][0]))
        if chosen in thread_modals.OPENED_BY:
            self.open_modal(ack, body, client)
        else:
            self.store_press(ack, body)

    def _article_for(self, body: Body, article: str) -> Article | None:
        # A Home and a modal are in no channel.
        at = (body.get("container") or {}).get("channel_id") or ""
        return self._read_article(article, UserId(str(body["user"]["id"])), ChannelId(str(at)))

    def _requesters_modal(self, body: Body) -> modals.View | None:
        asked = body["actions"][0]["action_id"]
        number, detail = ids.read_about(value_of(body["actions"][0]))
        if asked == ids.READ_ARTICLE:
            article = self._article_for(body, detail or "")
            return article_modal(article) if article is not None else gone_modal()
        if asked == ids.ASK_HOME:
            return _ask_modal(body)
        if asked == ids.REMARK:
            at = spot_of(body)
            origin = ids.ModalOrigin(number, at.channel, at.ts, at.thread_ts)
            return thread_modals.remark_modal(origin)
        return None

    def _modal_for(self, body: Body) -> modals.View | None:
        action = body["actions"][0]
        number, detail = ids.read_about(value_of(action))
        asked = detail if action["action_id"] == ids.MORE else action["action_id"]
        at = spot_of(body)
        if asked == ids.SHOW_MASKED:
            ticket = TicketId(number)
            return masked_modal(ticket, self._show_masked(at, ticket))
        origin = ids.ModalOrigin(number, at.channel, at.ts, at.thread_ts)
        if asked in {ids.DRAFT_EDIT, ids.DRAFT_MERGE}:
            return self._draft_modal(str(asked), at, origin)
        if str(asked).startswith(f"{ids.PROBLEM_LINK}."):
            problem = self._looks.problem(at, ProblemId(number)) if self._looks else None
            if problem is None:
                return problem_modals.not_theirs_modal()
            return problem_modals.link_modal(origin, problem)
        return self._engineers_modal(str(asked), at, origin, detail)

    def _draft_modal(self, asked: str, at: Spot, origin: ids.ModalOrigin) -> modals.View:
        merging, number = asked == ids.DRAFT_MERGE, DraftId(origin.escalation)
        draft = self._looks.draft(at, number, merging=merging) if self._looks else None
        if draft is None:
            return draft_modals.closed_modal()
        if merging:
            return draft_modals.merge_modal(origin, draft.near)
        return draft_modals.edit_modal(replace(origin, text=str(draft.revision)), draft)

    def _engineers_modal(
        self, asked: str, at: Spot, origin: ids.ModalOrigin, detail: str | None = None
    ) -> modals.View:
        number = EscalationId(origin.escalation)
        about = self._looks.about(at, number) if self._looks else None
        return thread_modals.of_ticket(self._modal_of(asked, detail, origin, about), about)

    def _modal_of(
        self, asked: str, detail: str | None, origin: ids.ModalOrigin, about: About | None
    ) -> modals.View:
        if asked == ids.FURTHER:
            return further_modal(origin, about)
        if asked in {ids.WHY, ids.WRONG_CALL}:
            return thread_modals.why_modal(origin, about)
        if asked == ids.INCIDENT:
            return incident_modal(origin, about)
        if asked == ids.UPDATE_ALL:
            return update_modal(origin, about)
        if asked == ids.SNOOZE:
            morning = self._looks.morning(EscalationId(origin.escalation)) if self._looks else None
            return snooze_modal(origin, morning)
        if asked == ids.RESOLVE:
            tier = Tier(detail) if detail else None
            return resolve_modal(origin, thread_modals.ending_fields(tier))
        if asked == ids.ESCALATE:
            return pass_on_modal(origin)
        return thread_modals.OPENED_BY[asked](origin)


def _ask_modal(body: Body) -> modals.View:
    # A Home is no conversation: what is said about it goes to the person.
    return place_modals.ask_modal(ids.ModalOrigin(0, str(body["user"]["id"]), "", None))


def ignore() -> None:
    """Acknowledge an event that is none of the desk's business."""
