"""What every use case has at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bot.desk.admission import Admission, Standing
from bot.desk.deciding import Routes
from bot.desk.errors import ConfigurationError, DeliveryError
from bot.desk.incidents import IncidentPolicy
from bot.desk.oncall import NoRotas
from bot.desk.privacy import NoScrubber
from bot.desk.promises import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from bot.desk.deciding import Asset
    from bot.desk.figures import Figures, Headline
    from bot.desk.ids import ChannelId, TeamId, Thread, UserId
    from bot.desk.notices import Notice
    from bot.desk.oncall import Groups, ResolverGroup
    from bot.desk.ports.asking import Reception
    from bot.desk.ports.oncall import Directory, Rotas
    from bot.desk.ports.time import Clock
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.privacy import Scrubber
    from bot.desk.tickets import Viewer
    from bot.desk.views import Readings
    from bot.service.deciding.triaging import Triager
    from kb.publishing import Shelf


ENGLISH = "en"


class ChannelMode(StrEnum):
    """Which messages of a channel are Frontline's business."""

    MENTION = "mention"
    QUESTIONS = "questions"
    ALL = "all"


def utc_now() -> datetime:
    """Give the time, aware and in UTC."""
    return datetime.now(UTC)


def nothing_to_read(viewer: Viewer) -> AbstractContextManager[Readings]:  # noqa: ARG001 - as the store has it
    """Stand for readings that were not given."""
    raise ConfigurationError("This desk was built without readings; see bot/bootstrap.")


def in_english(text: str) -> str:  # noqa: ARG001 - as any guess is asked
    """Stand for a guess of the language that was not given."""
    return ENGLISH


def unsure(text: str) -> str:  # noqa: ARG001 - as any guess is asked
    """Stand for a guess that is never sure."""
    return ""


class LastMonth:
    """The last month in a few lines, as counted last: Homes are built too often to count anew."""

    lines: tuple[Headline, ...] = ()


def no_figures() -> AbstractContextManager[Figures]:
    """Stand for figures that were not given."""
    raise ConfigurationError("This desk was built without figures; see bot/bootstrap.")


class NoReception:
    """Nobody can be written to first; what is asked elsewhere is refused."""

    def is_present(self, channel: ChannelId) -> bool:  # noqa: ARG002 - as the port has it
        """Be nowhere."""
        return False

    def begin(self, team: TeamId, user: UserId, opening: Notice, key: str) -> Thread:
        """Refuse."""
        raise DeliveryError(f"Nobody can write to {user} in {team}: {opening.kind}, {key}.")


@dataclass(frozen=True)
class Product:
    """Those who make what the desk helps with: where they read, and who decides beside L3."""

    channel: str | None = None
    people: frozenset[UserId] = frozenset()


class Reads(Protocol):
    """Looks at what is on record."""

    def __call__(self, *, anew: bool = False) -> AbstractContextManager[UnitOfWork]:
        """Begin to look."""


@dataclass(frozen=True)
class Desk:
    """The means of the desk: its store, its judgement, its people."""

    unit_of_work: Callable[[], UnitOfWork]
    triager: Triager
    directory: Directory
    groups: Groups
    modes: Mapping[str, ChannelMode]
    clock: Clock = utc_now
    patience: Patience = field(default_factory=Patience)
    incidents: IncidentPolicy = field(default_factory=IncidentPolicy)
    rotas: Rotas = field(default_factory=NoRotas)
    readings: Callable[[Viewer], AbstractContextManager[Readings]] = nothing_to_read
    reception: Reception = field(default_factory=NoReception)
    admins: frozenset[UserId] = frozenset()
    scrubber: Scrubber = field(default_factory=NoScrubber)
    admission: Admission = field(default_factory=Admission)

    routes: Routes = field(default_factory=Routes)
    assets: tuple[Asset, ...] = ()
    language: Callable[[str], str] = in_english
    """Tells the language that a text is in, by its code."""

    surely_in: Callable[[str], str] = unsure
    """Tells the language that a text is surely in; nothing where it may be another."""

    likely_in: Callable[[str], str] = unsure
    """Tells the likeliest language of what is no English; nothing where it may be English."""

    shelf: Shelf | None = None
    """Where articles are published; None where no folder is configured for them."""

    audit_share: float = 0.0
    """So many of the automatic answers are looked over by engineers, of one."""

    product: Product = field(default_factory=Product)

    reads: Reads | None = None
    """As `unit_of_work`, to read alone."""

    figures: Callable[[], AbstractContextManager[Figures]] = no_figures
    """What is counted of a period."""

    last_month: LastMonth = field(default_factory=LastMonth)
    """What the admins' Homes show of figures."""

    def may_act(self, user: UserId, groups: Sequence[ResolverGroup]) -> bool:
        """Tell whether a person belongs to one of these groups, and may act for it.

        All authority is asked for here: by membership that Slack told of within a minute.
        """
        if not self.directory.may_act(user, groups):
            return False
        return self.admission.may_act(self.directory.standing(user))

    def may_ask(self, user: UserId) -> bool:
        """Tell whether a person may ask at all."""
        return self.admission.may_ask(self.standing_to_ask(user))

    def standing_to_ask(self, user: UserId) -> Standing:
        """Tell how somebody stands to the workspace, as it was told lately: it grants no power."""
        known = self.directory.known_standing(user)
        return known if known is not None else self.directory.standing(user)

    def look(self, *, anew: bool = False) -> AbstractContextManager[UnitOfWork]:
        """Read what is on record, all of one instant; holds up nobody who writes.

        While a command is worked out that instant is its first look's; `anew` looks at this moment.
        """
        return self.reads(anew=anew) if self.reads is not None else self.unit_of_work()

    def mode_of(self, channel: ChannelId) -> ChannelMode:
        """Tell a channel's mode; a channel that is not configured answers to mentions only."""
        ids = self.directory.channel_ids(self.modes)
        for (name, mode), known in zip(self.modes.items(), ids, strict=True):
            if channel in {name, known}:
                return mode
        return ChannelMode.MENTION
