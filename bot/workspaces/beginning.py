"""Beginning a workspace's desk: as one alone begins, with an encoder that all may share."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from bot.bootstrap import start
from bot.workspaces.folders import settings_in
from kb.encoding.loading import load_encoder
from kb.encoding.once import once

if TYPE_CHECKING:
    from bot.bootstrap import Application, Waiting
    from bot.desk.workspaces import Installation
    from bot.settings.settings import Settings
    from bot.slack.lines import Entrance
    from bot.web import Together
    from kb.encoding.encoder import Encoder


class Beginning:
    """Starts desks; an encoder's weights are in memory once, what it has read is not shared."""

    def __init__(self, house: Settings, figures: Together | None = None) -> None:
        """Load nothing yet; `figures` gives those of all desks."""
        self._house = house
        self._figures = figures
        self._encoders: dict[str | None, Encoder] = {}
        self._lock = threading.Lock()

    def __call__(
        self, installation: Installation, entrance: Entrance, waiting: Waiting
    ) -> Application:
        """Start the desk of a workspace.

        Raises:
            FrontlineError: its configuration, model or database cannot be used.
        """
        settings = settings_in(self._house, installation.home, installation.token)
        return start(
            settings,
            waiting=waiting,
            http=entrance,
            encoder=once(self._encoder(settings.encoder_model)),
            metrics=partial(self._figures.keep, installation.home) if self._figures else None,
        )

    def _encoder(self, name: str | None) -> Encoder:
        with self._lock:
            if name not in self._encoders:
                self._encoders[name] = load_encoder(name)
            return self._encoders[name]
