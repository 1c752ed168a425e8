"""Whether this process lives, and whether it can do its work: for who starts and watches it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.web.bodies import answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.web.bodies import Receive, Scope, Send

LIVES, READY = "/healthz", "/readyz"
JSON = {"content-type": "application/json"}
LOOK_WITHIN_S = 5.0


@dataclass(frozen=True)
class Check:
    """What one look found: good or not, and what there is to say, as figures or words."""

    good: bool
    says: str | float | None = None


class Health:
    """Answers `/healthz` while the process lives, `/readyz` by looking at each part."""

    def __init__(self, checks: Mapping[str, Callable[[], Check]]) -> None:
        """Look by these, each by its name; one that raises has found something bad."""
        self._checks = dict(checks)

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] not in ("GET", "HEAD"):
            await answer(send, 405, "use GET\n")
            return
        if scope["path"] == LIVES:
            await answer(send, 200, "ok\n")
            return
        found: dict[str, Check] = {}
        try:
            await asyncio.wait_for(asyncio.to_thread(self.look, found), LOOK_WITHIN_S)
        except TimeoutError:
            late = next(name for name in self._checks if name not in found)
            found = {**found, late: Check(good=False, says="took too long")}
        good = all(check.good for check in found.values())
        body = {name: {"ok": check.good, "is": check.says} for name, check in found.items()}
        await answer(send, 200 if good else 503, json.dumps(body) + "\n", JSON)

    def look(self, found: dict[str, Check]) -> None:
        """Look at every part, one after the other; `found` is added to meanwhile."""
        for name, check in self._checks.items():
            found[name] = _looked(check)


def _looked(check: Callable[[], Check]) -> Check:
    try:
        return check()
    except Exception as failure:  # noqa: BLE001 - whatever it is, that part is not well
        return Check(good=False, says=type(failure).__name__)
