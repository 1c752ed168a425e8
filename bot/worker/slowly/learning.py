"""The thread that looks once a day for gaps and for what recurs, and tells of them in time."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.service.learning.gaps import look_for_gaps, plan_gap_reports
from bot.service.learning.leaning import lean
from bot.service.learning.problems import look_for_problems, plan_problem_report
from bot.service.learning.proposing import plan_alike
from bot.service.learning.rewriting import reword_drafts
from bot.service.learning.updating import look_at_links, look_for_ailing
from bot.service.learning.words import plan_words_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.desk.learning import DraftId
    from bot.desk.ports.work import Change
    from bot.service.context import Desk
    from bot.service.learning.gathering import Sight
    from bot.service.learning.rewriting import Reword
    from bot.service.learning.updating import LookAt
    from bot.worker.slowly.night import Night

log = structlog.get_logger(__name__)

LOOK_EVERY = timedelta(days=1)
TELL_EVERY = timedelta(days=7)
WAKE_EVERY_S = 300.0


class LearningKeeper:
    """Looks after what is learned; never urgent, so it has a slow thread of its own."""

    def __init__(  # noqa: PLR0913 - what it is asked to look after
        self,
        desk: Desk,
        sight: Sight,
        *,
        gaps: bool = True,
        problems: bool = True,
        look_at: LookAt | None = None,
        night: Night | None = None,
        reword: Reword | None = None,
        missed: float | None = None,
        leads: Callable[[], bool] = lambda: True,
    ) -> None:
        """Prepare; nothing runs yet. With `look_at`, links that articles name are looked at.

        With `reword`, new drafts are put into better words; with `night`, the desk learns at night.
        With `missed`, the gate leans to articles as far as that share of people's own allows.
        Of several replicas, the one that leads does all this.
        """
        self._leads = leads
        self._night = night
        self._desk = desk
        self._sight = sight
        self._gaps = gaps
        self._problems = problems
        self._look_at = look_at
        self._reword = reword
        self._missed = missed
        self._tried: set[DraftId] = set()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="learning", daemon=True)

    def start(self) -> None:
        """Begin; the first look is some minutes after the start, which has other things to do."""
        self._thread.start()

    def stop(self) -> None:
        """End; a step in hand is finished by the next start."""
        self._stopping.set()
        if self._night is not None:
            self._night.stop()
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)

    def step(self) -> None:
        """Do what is due."""
        if self._night is not None:
            self._night.step()
        if self._missed is not None and self._is_due("leaning", LOOK_EVERY):
            found = lean(self._desk, self._missed)
            self._begin("leaning")
            log.info("leaning", by=found.by, tickets=found.tickets)
        if self._gaps:
            self._look_for_gaps()
            self.look_for_alike()
            self._look_at_articles()
        if self._problems:
            self._look_for_problems()
        if self._reword is not None:
            reword_drafts(self._desk, self._reword, self._tried)

    def _look_for_gaps(self) -> None:
        if self._is_due("gaps", LOOK_EVERY):
            log.info("gaps", questions=look_for_gaps(self._sight))
        if self._last("report") is None:
            self._begin("report")
        elif self._is_due("report", TELL_EVERY):
            self._write(plan_gap_reports(self._desk))
            self._write(plan_words_report(self._desk))

    def look_for_alike(self) -> None:
        """Once a day, propose what was settled alike for several people as an article."""
        if self._is_due("alike", LOOK_EVERY):
            self._write(plan_alike(self._desk, self._sight.embedded))

    def _look_at_articles(self) -> None:
        if self._look_at is not None and self._is_due("links", LOOK_EVERY):
            articles = self._desk.triager.knowledge.store.articles()
            log.info("links", looked=look_at_links(self._desk, articles, self._look_at))
            self._begin("links")
        if self._is_due("ailing", LOOK_EVERY):
            log.info("ailing", articles=look_for_ailing(self._desk))

    def _look_for_problems(self) -> None:
        if self._is_due("problems", LOOK_EVERY):
            log.info("problems", found=look_for_problems(self._sight))
        told, now = self._last("problem report"), self._desk.clock()
        if told is None:
            self._begin("problem report")
        elif (told.year, told.month) != (now.year, now.month):
            self._write(plan_problem_report(self._desk))

    def _begin(self, what: str) -> None:
        """Note that something was done: a desk that has just begun has a week to fill."""
        with self._desk.unit_of_work() as uow:
            uow.gaps.ran(what)

    def _write(self, change: Change) -> None:
        with self._desk.unit_of_work() as uow:
            change(uow)

    def _is_due(self, what: str, every: timedelta) -> bool:
        last = self._last(what)
        return last is None or self._desk.clock() - last >= every

    def _last(self, what: str) -> datetime | None:
        with self._desk.look() as uow:
            return uow.gaps.last_run(what)

    def _loop(self) -> None:
        while not self._stopping.wait(WAKE_EVERY_S):
            try:
                if self._leads():
                    self.step()
            except Exception as failure:
                log.exception("learning_failed", exc_info=failure)
