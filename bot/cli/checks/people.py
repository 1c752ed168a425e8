"""What `frontline doctor` says of the people who are configured: known, and active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import UserId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slack_sdk import WebClient

    from bot.settings.settings import Settings


def people_findings(
    settings: Settings, client: WebClient
) -> Iterator[tuple[str, bool | None, str]]:
    """Look up everybody whom the configuration names; says only who is missing."""
    from bot.service.context import utc_now
    from bot.slack.people.members import People

    people = People(client, utc_now)
    for where, user in _named(settings):
        if not people.is_gone(user):
            continue
        what = (
            "was deactivated" if people.was_deactivated(user) else "is no member of the workspace"
        )
        yield f"person {user}", False, f"{what}; take them out of {where}."


def _named(settings: Settings) -> list[tuple[str, UserId]]:
    found: dict[str, list[str]] = {}
    for each in sorted(settings.admins):
        found.setdefault(each, []).append("desk.admins")
    for name, group in settings.file.groups.items():
        told = {"fallback": group.fallback, "lead": (group.lead,) if group.lead else ()}
        if group.rota is not None:
            overrides = group.rota.overrides
            told["rota.members"] = group.rota.members
            told["rota.people"] = tuple(group.rota.people.values())
            told["rota.overrides"] = tuple(each.member for each in overrides)
        for key, users in told.items():
            for user in dict.fromkeys(users):
                found.setdefault(user, []).append(f"groups.{name}.{key}")
    return [(" and ".join(places), UserId(user)) for user, places in found.items()]
