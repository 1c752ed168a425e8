"""What one machine learned, served by all: handed over once it serves, taken up by the others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import structlog

from bot.fitting.learning.versions import RunningAlreadyError

if TYPE_CHECKING:
    from bot.fitting.learning.versions import Versions
    from bot.store.serving.model import SharedModel

log = structlog.get_logger(__name__)

NOTE = "shared.json"


class ModelCarrier:
    """Looks whether this machine's model is the one that all serve."""

    def __init__(self, versions: Versions, shared: SharedModel) -> None:
        """Look after the model of these versions."""
        self._versions = versions
        self._shared = shared
        self._note = self._versions.folder / NOTE

    def step(self) -> None:
        """Take up what another machine learned, or hand over what this one did."""
        from bot.fitting.learning import carrying

        if self._versions.is_half_done():
            return
        number, upon = self._shared.stands()
        seen, served = self._seen()
        now = carrying.serves(self._versions)
        if number == seen and now == served:
            return
        mine = carrying.shipped(self._versions)
        if number > seen and upon == mine:
            self._take_up()
        elif now != served and (carrying.is_learned(self._versions) or (seen and upon == mine)):
            data = carrying.packed(self._versions)
            if self._shared.put(mine, data, after=number):
                self._remember(number + 1, now)
                log.info("model_handed_over", number=number + 1)

    def _take_up(self) -> None:
        from bot.fitting.learning import carrying

        number, data = self._shared.fetch()
        try:
            with self._versions.alone():
                carrying.take(self._versions, data)
                self._remember(number, carrying.serves(self._versions))
        except RunningAlreadyError:
            return
        log.info("model_taken_up", number=number)

    def _seen(self) -> tuple[int, str]:
        try:
            kept = json.loads(self._note.read_text("utf-8"))
            return int(kept["number"]), str(kept["served"])
        except (FileNotFoundError, ValueError, KeyError):
            return 0, ""

    def _remember(self, number: int, served: str) -> None:
        beside = self._note.with_name(f".{NOTE}.part")
        beside.write_text(json.dumps({"number": number, "served": served}) + "\n", "utf-8")
        beside.replace(self._note)
