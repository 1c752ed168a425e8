"""What the desk says about who is on call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.desk.ids import UserId
from bot.desk.oncall.shifts import Proposal, Shift


@dataclass(frozen=True)
class StandingOverride:
    """An override that is on or comes, with the number by which it is cancelled."""

    number: int
    start: datetime
    end: datetime
    member: UserId
    replaces: UserId | None = None


@dataclass(frozen=True)
class Watchers:
    """Who is on call for one group, who comes next, and what stands in the way of it."""

    group: str
    now: Shift | None
    coming: tuple[Shift, ...] = ()
    called: tuple[UserId, ...] = ()
    overrides: tuple[StandingOverride, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class OnCallBoard:
    """To one person: who is on call now and next."""

    groups: tuple[Watchers, ...]
    kind: Literal["on_call_board"] = "on_call_board"


@dataclass(frozen=True)
class OnCallProposed:
    """To one person: this is what would change; is it meant?"""

    proposal: Proposal
    kind: Literal["on_call_proposed"] = "on_call_proposed"


@dataclass(frozen=True)
class OnCallChanged:
    """To the group's channel: who is on call has changed."""

    proposal: Proposal
    by: UserId
    kind: Literal["on_call_changed"] = "on_call_changed"


@dataclass(frozen=True)
class OnCallWord:
    """To one person: how it went, or why nothing was changed."""

    what: Literal[
        "help",
        "done",
        "dropped",
        "already_so",
        "not_in_group",
        "stranger",
        "no_group",
        "which_group",
        "no_shift",
        "over",
        "no_time",
        "too_long",
        "no_override",
        "changed_meanwhile",
        "yourself",
    ]
    about: str = ""
    kind: Literal["on_call_word"] = "on_call_word"


@dataclass(frozen=True)
class RotaTrouble:
    """To the admins: a rota cannot be relied on, or can be again."""

    group: str
    note: str
    called: tuple[UserId, ...] = ()
    over: bool = False
    kind: Literal["rota_trouble"] = "rota_trouble"


OnCallNotice = OnCallBoard | OnCallProposed | OnCallChanged | OnCallWord | RotaTrouble
