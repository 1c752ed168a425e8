"""Small builders of the domain's values, each with what a test seldom cares about filled in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.desk.addresses import Spot
from bot.desk.articles import ArticleExtract
from bot.desk.asking import Deleted, Edited, Message, Place
from bot.desk.deciding import Action, Candidate, Triage
from bot.desk.ids import ChannelId, EscalationId, TeamId, Thread, TicketId, Ts, UserId
from bot.desk.oncall import Groups, ResolverGroup
from bot.desk.ports.delivery import Delivery
from bot.desk.tickets import Card, Escalation, EscalationState, Ticket
from bot.desk.tiers import Tier
from bot.desk.views import HomeForRequester, HomeView

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

TEAM = TeamId("T0LARKFLD1")
IT_HELP = ChannelId("C0ITHELP01")
L2_CHANNEL = ChannelId("C0L2SUPP01")
L3_CHANNEL = ChannelId("C0L3ENGI01")
DIRECT = ChannelId("D0ANADIR01")

ANA = UserId("U0ANA00001")
"""An employee who asks."""
BEN = UserId("U0BEN00001")
"""Another employee."""
TOM = UserId("U0TOM00001")
MEI = UserId("U0MEI00001")
"""L2 engineers."""
JONAS = UserId("U0JONAS001")
"""An L3 engineer."""
BOT = UserId("U0FRONT001")

ASKED = Ts("1772452800.000100")
THREAD = Thread(TEAM, IT_HELP, ASKED)
VPN, MFA = "vpn-connect", "mfa-new-phone"


def ticket(**changes: Any) -> Ticket:
    """Build a ticket that was just opened."""
    known: dict[str, Any] = {
        "id": TicketId(1001),
        "thread": THREAD,
        "requester": ANA,
        "question": "How do I connect to the VPN?",
        "asked_ts": ASKED,
        "opened_at": NOON,
    }
    return Ticket(**{**known, **changes})


def escalation(**changes: Any) -> Escalation:
    """Build an escalation that nobody has taken yet."""
    known: dict[str, Any] = {
        "id": EscalationId(7),
        "ticket": TicketId(1001),
        "tier": Tier.L2,
        "group": "l2",
        "opened_at": NOON,
        "reasons": ("Needs a person.",),
    }
    return Escalation(**{**known, **changes})


def message(text: str = "How do I connect to the VPN?", **changes: Any) -> Message:
    """Build a top-level question of Ana's in #it-help that mentions Frontline."""
    known: dict[str, Any] = {
        "team": TEAM,
        "channel": IT_HELP,
        "ts": ASKED,
        "user": ANA,
        "text": text,
        "place": Place.CHANNEL,
        "mentioned": True,
    }
    return Message(**{**known, **changes})


def follow_up(text: str, ts: str = "1772452900.000200", **changes: Any) -> Message:
    """Build a message in the thread of Ana's question."""
    known: dict[str, Any] = {"ts": Ts(ts), "thread_ts": ASKED, "mentioned": False}
    return message(text, **{**known, **changes})


def edited(text: str, **changes: Any) -> Edited:
    """Build an edit of Ana's question."""
    known: dict[str, Any] = {
        "team": TEAM,
        "channel": IT_HELP,
        "ts": ASKED,
        "user": ANA,
        "text": text,
    }
    return Edited(**{**known, **changes})


def deleted(**changes: Any) -> Deleted:
    """Build the deletion of Ana's question."""
    known: dict[str, Any] = {"team": TEAM, "channel": IT_HELP, "ts": ASKED}
    return Deleted(**{**known, **changes})


def spot(user: UserId = ANA, channel: str = IT_HELP, ts: str = "0.1", **changes: Any) -> Spot:
    """Build the place of a press."""
    return Spot(TEAM, ChannelId(channel), Ts(ts), user, **changes)


def extract(article: str = VPN, **changes: Any) -> ArticleExtract:
    """Build the part of an article that an answer shows."""
    known: dict[str, Any] = {
        "article": article,
        "title": f"All about {article}",
        "lead": "Open the client and press **Connect**.",
        "steps": ("Open the client.", "Press **Connect**."),
        "url": f"https://intranet.example/kb/{article}",
    }
    return ArticleExtract(**{**known, **changes})


def candidate(article: str = VPN, score: float = 0.9) -> Candidate:
    """Build an article that may answer."""
    return Candidate(article, score, f"All about {article}", "Open the client.")


def triage(action: Action, tier: Tier = Tier.L1, **changes: Any) -> Triage:
    """Build a decision; an answer is with the VPN article."""
    known: dict[str, Any] = {
        "confidence": 0.9,
        "probabilities": {"L1": 0.9, "L2": 0.05, "L3": 0.03, "chat": 0.02},
        "candidates": (candidate(VPN, 0.9), candidate(MFA, 0.4)),
        "reasons": ("Because the test says so.",),
        "article": VPN if action is Action.ANSWER else None,
    }
    return Triage(action=action, tier=tier, **{**known, **changes})


def groups() -> Groups:
    """Build the resolver groups of the sample desk."""
    return Groups(
        (
            ResolverGroup("l2", Tier.L2, L2_CHANNEL, "l2-oncall", fallback=(MEI,)),
            ResolverGroup("l2-network", Tier.L2, L2_CHANNEL, areas=("network",), fallback=(TOM,)),
            ResolverGroup("l3", Tier.L3, L3_CHANNEL, "l3-oncall", fallback=(JONAS,)),
        )
    )


def delivery(event_id: str = "Ev1", thread: Thread | None = THREAD, **changes: Any) -> Delivery:
    """Build a delivery in Ana's thread."""
    known: dict[str, Any] = {"payload": {"event_id": event_id}}
    return Delivery(event_id, thread=thread, **{**known, **changes})


def card(number: int = 1001, **changes: Any) -> Card:
    """Build the card of an escalation that nobody has taken yet."""
    known: dict[str, Any] = {
        "ticket": TicketId(number),
        "escalation": EscalationId(7),
        "tier": Tier.L2,
        "state": EscalationState.PENDING,
        "requester": ANA,
        "question": "The VPN drops.",
        "reasons": ("Needs a person.",),
        "channel": IT_HELP,
    }
    return Card(**{**known, **changes})


def home_view(user: UserId = ANA) -> HomeView:
    """Build the Home of somebody who asked nothing yet."""
    return HomeView(user, HomeForRequester((), ()))
