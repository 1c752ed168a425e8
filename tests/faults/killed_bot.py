"""The bot in a process of its own, which kills itself at a point of its work.

At the wanted passage of a point the process sends itself SIGKILL, which no code can catch or
clean up after. Processes are forked from a server that has everything imported.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from bot.bootstrap import start_with
from bot.settings.settings import Secrets, Settings
from bot.slack.gateway import SlackPostman
from bot.store.inbox import Inbox, InboxRows
from bot.store.outbox import Outbox
from bot.worker.pacing import Pacer
from tests.scenarios.knowledge import scripted_triager
from tests.scenarios.office import configuration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

    from tests.scenarios.office import Office

READY_S = 30
DEATH_S = 30


@dataclass(frozen=True)
class Point:
    """An instant in the bot's work: before or after a method of a class."""

    kind: type
    method: str
    after: bool


POINTS = {
    "before an event is stored": Point(Inbox, "put", after=False),
    "between storing and acknowledging": Point(Inbox, "put", after=True),
    "with an event in hand": Point(Inbox, "claim", after=True),
    "inside the transaction": Point(InboxRows, "finish", after=True),
    "between state and sending": Point(SlackPostman, "deliver", after=False),
    "between sending and noting": Point(SlackPostman, "deliver", after=True),
    "after noting": Point(Outbox, "sent", after=True),
}


@dataclass(frozen=True)
class Death:
    """When the process kills itself: at the `passage`-th time that it comes by a point."""

    point: str
    passage: int = 1

    def arrange(self) -> None:
        """Put the knife in place."""
        point = POINTS[self.point]
        method: Callable[..., Any] = getattr(point.kind, point.method)
        passages = iter(range(1, 10_000))

        def deadly(owner: Any, *given: Any, **named: Any) -> Any:
            if not point.after:
                self._pass(next(passages))
            outcome = method(owner, *given, **named)
            # An empty-handed claim is no passage: nothing was taken in hand.
            if point.after and not (point.method == "claim" and outcome is None):
                self._pass(next(passages))
            return outcome

        setattr(point.kind, point.method, deadly)

    def _pass(self, passage: int) -> None:
        if passage == self.passage:
            os.kill(os.getpid(), signal.SIGKILL)


def work(
    database: Path, api_url: str, tokens: tuple[str, str], death: Death | None, ready: Connection
) -> None:
    """Be the bot until killed."""
    secrets = Secrets(
        slack_bot_token=SecretStr(tokens[0]),
        slack_app_token=SecretStr(tokens[1]),
        slack_api_url=api_url,
        frontline_db=database,
    )
    if death is not None:
        death.arrange()
    settings = Settings(configuration(), secrets)
    start_with(scripted_triager(), settings, pacer=Pacer(burst=10_000))
    ready.send(True)  # noqa: FBT003 - anything that arrives will do
    signal.pause()


@contextmanager
def bot(office: Office, death: Death | None = None) -> Iterator[ForkServerProcess]:
    """Run the bot as a process; it is killed at the end of the block, or dies by then."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pytest", __name__])
    ours, theirs = context.Pipe()
    playground = office.playground
    tokens = (playground.bot_token, playground.app_token)
    given = (office.settings.db, playground.api_url, tokens, death, theirs)
    process = context.Process(target=work, args=given, daemon=True)
    process.start()
    try:
        assert ours.poll(READY_S), "the bot did not start"
        yield process
    finally:
        process.kill()
        process.join(DEATH_S)


def dies(process: ForkServerProcess) -> None:
    """Wait for the death that was arranged."""
    process.join(DEATH_S)
    assert process.exitcode == -signal.SIGKILL, "the bot did not pass by the point of its death"
