"""The unit of work: everything in it is written, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from types import TracebackType

    from bot.desk.incidents import Incidents
    from bot.desk.learning import Ailments, Audits, Drafts, Feedback, Gaps, Problems
    from bot.desk.tickets import Lookalikes
    from bot.desk.views import HomeViewers
from bot.desk.ports.delivery import AlarmBell, Beyond, DeadLetters, Outbox
from bot.desk.ports.oncall import Overrides
from bot.desk.ports.privacy import Once
from bot.desk.ports.speech import Languages
from bot.desk.ports.tickets import Audit, Conversation, Escalations, Steps, Tickets
from bot.desk.ports.time import TimerRows


class UnitOfWork(Protocol):
    """One transaction: everything in it is written, or nothing."""

    @property
    def tickets(self) -> Tickets:
        """The tickets."""

    @property
    def escalations(self) -> Escalations:
        """The escalations."""

    @property
    def incidents(self) -> Incidents:
        """The incidents."""

    @property
    def conversation(self) -> Conversation:
        """The conversations."""

    @property
    def outbox(self) -> Outbox:
        """The notices to be sent."""

    @property
    def dead_letters(self) -> DeadLetters:
        """What was set aside."""

    @property
    def alarms(self) -> AlarmBell:
        """What the admin is told by every way but Slack."""

    @property
    def beyond(self) -> Beyond:
        """What leaves Slack."""

    @property
    def steps(self) -> Steps:
        """The steps that were tried."""

    @property
    def timers(self) -> TimerRows:
        """The timers."""

    @property
    def feedback(self) -> Feedback:
        """Labels and ratings."""

    @property
    def drafts(self) -> Drafts:
        """Articles proposed from resolutions."""

    @property
    def gaps(self) -> Gaps:
        """Questions that no article answers, taken together."""

    @property
    def problems(self) -> Problems:
        """What is settled again and again, and what people wish for."""

    @property
    def ailments(self) -> Ailments:
        """What tells that articles need an update."""

    @property
    def audits(self) -> Audits:
        """Answers that engineers look over."""

    @property
    def lookalikes(self) -> Lookalikes:
        """Tickets that look like one."""

    @property
    def overrides(self) -> Overrides:
        """Who stands in for whom."""

    @property
    def homes(self) -> HomeViewers:
        """Who has opened their Home."""

    @property
    def languages(self) -> Languages:
        """In which language people are spoken to."""

    @property
    def once(self) -> Once:
        """Who was told what, once."""

    @property
    def audit(self) -> Audit:
        """The audit trail."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        """Commit, or roll back where a failure passes through."""


Change = Callable[[UnitOfWork], None]
"""What a handled command writes, applied in one transaction with its inbox row."""
