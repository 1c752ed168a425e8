"""Are the targets outside Slack there, and what they need in the environment?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings.settings import Settings


def target_findings(settings: Settings) -> Iterator[tuple[str, bool | None, str]]:
    """Tell of each target whether it is there; of each hook, whether it can be checked."""
    from bot.beyond.building import build_courier, build_hooks
    from bot.beyond.looking import look_at
    from bot.service.context import utc_now

    for name, target in settings.file.targets.items():
        try:
            build_courier(name, target, utc_now)
            yield f"target {name}", True, look_at(name, target)
        except FrontlineError as failure:
            yield f"target {name}", False, str(failure)
    if settings.file.hooks:
        try:
            build_hooks(settings)
        except FrontlineError as failure:
            yield "hooks", False, str(failure)
            return
        listen = settings.file.receiver.listen
        says = "hooks are configured and nothing listens: add [receiver] listen."
        yield "hooks", listen is not None, f"{listen} listens while it serves." if listen else says
