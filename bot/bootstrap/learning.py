"""What a run of learning is given: the models, who decides, and how much it may take."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.bootstrap.deciding import build_knowledge, build_policy
from bot.bootstrap.lessons import versions_of
from bot.desk.deciding import Costs
from bot.fitting.gate import Budget
from bot.fitting.learning.refitting import Rules
from bot.fitting.learning.running import Setup
from bot.service.context import utc_now
from classifier.data.shipped import shipped_data, with_messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.settings.settings import Settings
    from classifier.progress import Progress
    from kb.encoding.encoder import Encoder


def labels_of(settings: Settings) -> tuple[Path, ...]:
    """Give what is named, else what the model learns: the shipped messages and one's own."""
    own = with_messages(settings.file.classifier.data)
    return settings.file.learning.data or (shipped_data(), *own)


@contextmanager
def learning_setup(
    settings: Settings,
    encoder: Encoder,
    *,
    data: tuple[Path, ...] = (),
    told: Progress,
    promptly: Callable[[Callable[[], None]], None] = lambda do: do(),
) -> Iterator[Setup]:
    """Open what a run works on."""
    base = build_knowledge(settings, encoder)
    try:
        yield Setup(
            versions_of(settings),
            data or labels_of(settings),
            base,
            encoder,
            Rules(
                lambda model, searched: build_policy(settings, model, searched),
                Costs(**settings.costs),
                Budget(**settings.budget),
                settings.file.learning.lean,
            ),
            utc_now(),
            told,
            promptly=promptly,
        )
    finally:
        base.close()
