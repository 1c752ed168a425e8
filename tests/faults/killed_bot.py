"""The bot in a process of its own, which kills itself at a point of its work.

Run as `python killed_bot.py DATABASE API_URL BOT_TOKEN APP_TOKEN [POINT COUNT]`: at the COUNT-th
passage of POINT the process sends itself SIGKILL, which no code can catch or clean up after.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.bootstrap import start_with
from bot.config import Secrets, Settings
from bot.slack.gateway import SlackPostman
from bot.store.inbox import Inbox, InboxRows
from bot.store.outbox import Outbox
from bot.worker.pacing import Pacer
from tests.scenarios.knowledge import scripted_triager
from tests.scenarios.office import configuration

if TYPE_CHECKING:
    from collections.abc import Callable

POINTS: dict[str, tuple[type, str, bool]] = {
    # name: (class, method, whether the process dies after the method instead of before it)
    "before an event is stored": (Inbox, "put", False),
    "after an event is stored, before it is acknowledged": (Inbox, "put", True),
    "after an event is taken in hand": (Inbox, "claim", True),
    "inside the transaction, everything written": (InboxRows, "finish", True),
    "after the transaction, before sending": (SlackPostman, "deliver", False),
    "after sending, before that is noted": (SlackPostman, "deliver", True),
    "after that is noted": (Outbox, "sent", True),
}


def die_at(point: str, count: int) -> None:
    """Arrange the death."""
    kind, name, after = POINTS[point]
    method: Callable[..., Any] = getattr(kind, name)
    passages = iter(range(1, 10_000))

    def deadly(self: Any, *given: Any, **named: Any) -> Any:
        if not after and next(passages) == count:
            os.kill(os.getpid(), signal.SIGKILL)
        outcome = method(self, *given, **named)
        # An empty-handed claim is no passage: nothing was taken in hand.
        if after and not (name == "claim" and outcome is None) and next(passages) == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome

    setattr(kind, name, deadly)


def main(database: str, api_url: str, bot_token: str, app_token: str, *death: str) -> None:
    """Work until killed."""
    secrets = Secrets(
        slack_bot_token=SecretStr(bot_token),
        slack_app_token=SecretStr(app_token),
        slack_api_url=api_url,
        frontline_db=Path(database),
    )
    if death:
        die_at(death[0], int(death[1]))
    settings = Settings(configuration(), secrets)
    start_with(scripted_triager(), settings, pacer=Pacer(burst=10_000))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])
