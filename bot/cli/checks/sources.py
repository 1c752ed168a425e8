"""Were the live sources brought in, and is what they need in the environment?"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings.settings import Settings


def source_findings(settings: Settings) -> Iterator[tuple[str, bool | None, str]]:
    """Tell of each live source how it stands."""
    from bot.cli.knowledge.live import states_of

    for state in states_of(settings):
        token = settings.file.sources[state.name].token_env
        if token and not os.environ.get(token):
            yield f"source {state.name}", False, f"{token} is not set in the environment."
        else:
            yield f"source {state.name}", state.is_well, state.line()
