"""`frontline kb areas`: how the articles are filed, and who is called for each area."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import database_option
from bot.desk.errors import ConfigurationError
from bot.desk.oncall import same_area
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.desk.oncall import Groups
    from bot.settings.settings import Settings

NAMED = 8


@click.command("areas")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@database_option
@click.pass_obj
def areas_command(settings: Settings, as_json: bool) -> None:
    """List the areas of the articles, with owners and the group that each tier calls."""
    from kb.glance import filed

    many: Counter[str] = Counter()
    owners: dict[str, set[str]] = {}
    for area, owner in filed(settings.db):
        many[area] += 1
        owners.setdefault(area, set()).update({owner} - {""})
    for area, count in sorted(many.items(), key=lambda each: (-each[1], each[0])):
        called = {tier.value: _called(settings.groups, tier, area) for tier in (Tier.L2, Tier.L3)}
        if as_json:
            row: dict[str, Any] = {
                "area": area,
                "articles": count,
                "owners": sorted(owners[area]),
                "groups": called,
            }
            click.echo(json.dumps(row, ensure_ascii=False))
            continue
        whose = f"  of {', '.join(sorted(owners[area])[:NAMED])}" if owners[area] else ""
        groups = ", ".join(f"{tier} {name}" for tier, name in called.items() if name)
        click.echo(f"{area or '(no area)'}: {count} articles{whose}  {groups}".rstrip())
    if not many:
        click.echo("no articles yet; `frontline kb sync` brings them in", err=True)
    for name, area in without_articles(settings.groups, many):
        click.echo(f"group {name}: {_nobody(area, many)}", err=True)


def _called(groups: Groups, tier: Tier, area: str) -> str:
    try:
        return groups.responsible_for(tier, area).name
    except ConfigurationError:
        return ""


def without_articles(groups: Groups, areas: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give each group's areas that no article has: nothing ever reaches the group by them."""
    known = list(areas)
    for group in groups.groups:
        for area in group.areas:
            if not any(same_area(area, each) for each in known):
                yield group.name, area


def area_findings(settings: Settings) -> Iterator[tuple[str, bool | None, str]]:
    """Tell of each area of a group that no article has."""
    from kb.glance import filed

    areas = {area for area, _ in filed(settings.db)}
    if areas:
        for name, area in without_articles(settings.groups, areas):
            yield f"group {name}", None, _nobody(area, areas)


def _nobody(area: str, areas: Iterable[str]) -> str:
    named = sorted({each for each in areas if each})
    more = ", …" if len(named) > NAMED else ""
    has = ", ".join(named[:NAMED]) + more if named else "none has any"
    return (
        f"no article has the area {area!r}, so nothing reaches it by that; the articles have: {has}"
    )
