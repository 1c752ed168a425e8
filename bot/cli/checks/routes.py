"""What `frontline doctor` says of routes: who takes them, and whether that is private."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.errors import ConfigurationError
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.desk.deciding import Route
    from bot.settings.settings import Settings
    from bot.slack.people.directory import SlackDirectory


def route_findings(
    settings: Settings, directory: SlackDirectory
) -> Iterator[tuple[str, bool | None, str]]:
    """Say of each route where it leads; a restricted one needs a private channel."""
    for route in settings.routes.routes:
        good, says = _looked_at(route, settings, directory)
        yield f"route {route.matter}", good, says


def _looked_at(
    route: Route, settings: Settings, directory: SlackDirectory
) -> tuple[bool | None, str]:
    if route.group is None:
        return _without_group(route, settings)
    group = settings.groups.named(route.group)
    if route.restricted and not directory.is_private(group.channel):
        return False, (
            f"is restricted, but {group.channel} is public or cannot be read, so nothing goes "
            "there; make the channel private and invite the app, or choose another group."
        )
    if route.restricted and not group.reserved:
        return None, (
            f"goes to {group.name}, who also get other requests; set reserved = true under "
            f"[groups.{group.name}] if they should not."
        )
    return True, f"goes to {group.name}."


def _without_group(route: Route, settings: Settings) -> tuple[bool | None, str]:
    if route.restricted:
        whom = route.contact or "a person whom they trust"
        return None, (
            f"no group; nothing is posted, and people are told to turn to {whom}. Set group or "
            "contact under [[routes]]."
        )
    try:
        group = settings.groups.responsible_for(Tier.L3, "security")
    except ConfigurationError:
        return False, "no group, and there is no L3; set group under [[routes]]."
    return None, f"no group of its own; goes to {group.name}."
