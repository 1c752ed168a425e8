"""Knows whether Slack is heard: after every gap it is read up, and a deaf line is replaced."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.desk.errors import DeliveryError, RetryableDeliveryError
from bot.desk.views import DeskAlert
from bot.service.messages.catching_up import Reading, proves_deaf, what_to_read
from bot.service.oncall.alerting import alert_admins
from bot.store.database import is_passing
from bot.worker.attending.catching_up import StoppedReadingError
from bot.worker.attending.storing import Slips
from bot.worker.attending.watching import in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.ports.line import Line
    from bot.desk.ports.time import Clock, Monotonic
    from bot.service.context import Desk
    from bot.store.unit_of_work import Store
    from bot.worker.attending.catching_up import CatchUp, Caught

log = structlog.get_logger(__name__)

CANARY_EVERY_S = 45.0
SILENCE_S = 30.0
"""After so long without any event the canary sings, where one is configured."""
ANSWER_WITHIN_S = 20.0
"""So soon an event has to come back; then the line is found deaf within two minutes."""
NOTE_EVERY_S = 15.0
LONGEST_SPARING_S = 3_600.0
"""Where another line is as deaf as the one before, Slack is spared: looked less and less often."""

DEAF_LINES = 2
"""Where so many lines, one after the other, brought nothing, it is no fault of a line."""
AS_DEAF = (
    "Slack has told Frontline nothing for {about}, and a new connection is as deaf as the one "
    "before. What people write is read from its history alone, minutes later or not at all. See "
    "FrontlineHearsNothing in docs/operations.md."
)
NAMED = 5

UNHEARD = (DeliveryError, RetryableDeliveryError, StoppedReadingError)
"""What a step raises while Slack does not answer."""


class Singing(Protocol):
    """Something that brings about an event which then must be heard."""

    def chirp(self) -> None:
        """Bring one about."""


class Ear:
    """Remembers when Slack last delivered anything, our own messages' events included."""

    def __init__(self, monotonic: Monotonic) -> None:
        """Go by a clock that is never set."""
        self._monotonic = monotonic
        self._since = monotonic()
        self.heard_at: float | None = None

    def silent_s(self) -> float:
        """Tell how long ago that was, or since when nothing came at all."""
        return self._monotonic() - (self._since if self.heard_at is None else self.heard_at)

    def hear(self) -> None:
        """Note that the line is alive."""
        self.heard_at = self._monotonic()


class Listening:
    """Steps: is the line another one, has anything been missed, does it still deliver?"""

    def __init__(  # noqa: PLR0913 - the line, what is heard on it, and the means to check
        self,
        store: Store,
        desk: Desk,
        *,
        line: Line,
        ear: Ear,
        catch_up: CatchUp,
        slack_time: Clock,
        monotonic: Monotonic,
        canary: Singing | None = None,
        slips: Slips | None = None,
        is_beside_others: bool = False,
    ) -> None:
        """Join the line with the means to read what it did not bring, or what slipped.

        Replicas are beside others, to each of which Slack brings some of what happens.
        """
        self._is_beside_others = is_beside_others
        self._store = store
        self._desk = desk
        self._line = line
        self._ear = ear
        self._catch_up = catch_up
        self._slack_time = slack_time
        self._monotonic = monotonic
        self._session: str | None = None
        self._asked: tuple[datetime, float] | None = None
        self._checked_at = self._noted_at = monotonic()
        self._listening_since = self._checked_at
        self._sparing_s = 0.0
        self._deaf_lines = 0
        self._canary = canary
        self._slips = slips or Slips(monotonic)
        self._sang_at: float | None = None

    def step(self) -> None:
        """Look after the line; where Slack does not answer, the next step tries again."""
        session = self._line.session()
        if session is None:
            return
        if session != self._session:
            self._begin(session)
        if self._slips.since is not None:
            self._make_good(self._slips.since)
            return
        if self._ear.heard_at is not None and self._monotonic() - self._noted_at >= NOTE_EVERY_S:
            self._noted_at = self._monotonic()
            if not self._note(self._ear.heard_at, self._store.presence.told):
                return
        if self._sang_at is not None and self._monotonic() - self._sang_at >= ANSWER_WITHIN_S:
            self._listen_for_the_canary(self._sang_at)
        if self._monotonic() - self._checked_at >= max(CANARY_EVERY_S, self._sparing_s):
            self._checked_at = self._monotonic()
            self.check()

    def _note(self, heard_at: float, write: Callable[[datetime], None]) -> bool:
        """Write down until when all was heard; False where nothing can be written now."""
        try:
            write(self._by_slack(heard_at))
        except Exception as failure:
            if not is_passing(failure):
                raise
            self._slips.note(str(failure))
            return False
        return True

    def _make_good(self, since: float) -> None:
        """Once the database takes something again, read what it did not take.

        Slack tries for some minutes; what slipped before is in its history alone.
        """
        begun = self._monotonic()
        if not self._note(since, self._store.presence.heard):
            return
        now = self._ask()
        reading = what_to_read(min(self._by_slack(since), now), now)
        caught = self._catch_up.read(reading)
        if caught.again:
            raise RetryableDeliveryError("Not all that had slipped could be read yet.")
        self._report(caught, reading)
        self._slips.made_good(begun)

    def check(self) -> None:
        """Compare what stands in Slack with what was heard; a line that brought none is deaf."""
        now = self._ask()
        heard_at = self._by_slack(max(self._ear.heard_at or 0.0, self._listening_since))
        since = what_to_read(min(heard_at, now), now).since
        caught = self._catch_up.read(Reading(since, everywhere=False))
        # Slack tells the time in whole seconds: what came by the line is known by its delivery.
        unheard = [
            each
            for each in caught.seen
            if each.by_person and not self._store.presence.came_by_line(each.delivery)
        ]
        missed_at = proves_deaf(unheard, heard_at, now)
        if missed_at is not None:
            self._replace_line(now - missed_at)
            return
        if self._canary is None:
            self._sparing_s = 0.0
        elif now - heard_at >= timedelta(seconds=SILENCE_S):
            self._sang_at = self._monotonic()
            self._canary.chirp()

    def _listen_for_the_canary(self, sang_at: float) -> None:
        self._sang_at = None
        if self._ear.heard_at is not None and self._ear.heard_at >= sang_at:
            self._sparing_s = 0.0
            return
        if self._heard_by_another(self._by_slack(sang_at)):
            return
        last = max(self._ear.heard_at or 0.0, self._listening_since)
        self._replace_line(timedelta(seconds=self._monotonic() - last))

    def _heard_by_another(self, since: datetime) -> bool:
        """Whether Slack told another replica what this one waited for."""
        told_until = self._store.presence.told_until() if self._is_beside_others else None
        return told_until is not None and told_until >= since

    def _replace_line(self, deaf_for: timedelta) -> None:
        self._sparing_s = min(max(2 * self._sparing_s, 2 * CANARY_EVERY_S), LONGEST_SPARING_S)
        log.warning("line_deaf", session=self._session, deaf_for=str(deaf_for))
        self._line.reopen()
        self._tell(DeskAlert("deaf", in_words(deaf_for)))
        brought = self._ear.heard_at is not None and self._ear.heard_at > self._listening_since
        self._deaf_lines = 1 if brought else self._deaf_lines + 1
        if self._deaf_lines == DEAF_LINES:
            self._alarm(timedelta(seconds=self._ear.silent_s()))
        self._session = None

    def _begin(self, session: str) -> None:
        """A line was opened: whatever was written while there was none is read."""
        now = self._ask()
        heard_until = self._store.presence.heard_until()
        self._listening_since = self._checked_at = self._monotonic()
        if heard_until is not None:
            reading = what_to_read(min(heard_until, now), now)
            caught = self._catch_up.read(reading)
            if caught.again:
                raise RetryableDeliveryError("Not all that was missed could be read yet.")
            self._report(caught, reading)
        self._store.presence.heard(now)
        self._session = session

    def _report(self, caught: Caught, reading: Reading) -> None:
        unread = list(caught.unread)
        if reading.beyond_reach:
            unread.append(f"what was written before {reading.since:%Y-%m-%d %H:%M} UTC.")
        if unread and reading.everywhere:
            others = ["and others"] if len(unread) > NAMED else []
            self._tell(DeskAlert("left_unread", "; ".join([*unread[:NAMED], *others])))

    def _alarm(self, silent_for: timedelta) -> None:
        """Say it by every way but Slack: it is no fault of one line."""
        says = AS_DEAF.format(about=in_words(silent_for))
        with self._store.unit_of_work() as uow:
            uow.alarms.sound(f"deaf:{self._store.clock().isoformat()}", says)

    def _tell(self, alert: DeskAlert) -> None:
        with self._store.unit_of_work() as uow:
            alert_admins(uow, self._desk, alert)

    def _ask(self) -> datetime:
        now = self._slack_time()
        self._asked = (now, self._monotonic())
        return now

    def _by_slack(self, at: float) -> datetime:
        """Say what Slack's clock showed at an instant of the monotonic one."""
        now, asked_at = self._asked or (self._ask(), self._monotonic())
        return now + timedelta(seconds=at - asked_at)
