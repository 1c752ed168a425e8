"""What `frontline doctor` finds in the rotas: sources that fail, and gaps to come."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.oncall import gaps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slack_sdk import WebClient

    from bot.desk.promises import Window
    from bot.settings.settings import Settings

AHEAD = timedelta(days=14)
SHOWN = 3


def rota_findings(settings: Settings, client: WebClient) -> Iterator[tuple[str, bool | None, str]]:
    """Read every rota now; gives its subject, how it stands, and what to do."""
    from bot.rota.building import build_rotas
    from bot.service.context import utc_now
    from bot.slack.people.directory import SlackDirectory
    from bot.slack.people.members import People
    from bot.store.unit_of_work import Store

    store = Store(settings.db, utc_now)
    people = People(client, utc_now)
    directory = SlackDirectory(client, utc_now)
    rotas = build_rotas(settings, directory, people, store.overrides, utc_now)
    for calendar in rotas.calendars:
        calendar.refresh()
    now = utc_now()
    for name in sorted(rotas.duty.planned):
        watch = rotas.book.watch(name, now)
        empty = gaps(rotas.book.pieces(name, now, now + AHEAD), now, now + AHEAD)
        if watch.note:
            yield f"rota {name}", bool(watch.members), watch.note
        elif empty:
            yield f"rota {name}", None, f"nobody is on call {_told(empty)}."
        else:
            yield f"rota {name}", True, f"{len(watch.members)} on call now, no gap for two weeks."


def _told(empty: tuple[Window, ...]) -> str:
    times = [f"{gap.start:%Y-%m-%d %H:%M} to {gap.end:%Y-%m-%d %H:%M} UTC" for gap in empty]
    more = f" and {len(times) - SHOWN} times more" if len(times) > SHOWN else ""
    return ", ".join(times[:SHOWN]) + more
