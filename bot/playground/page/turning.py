"""The workspace's clock, as the page turns it and as an app may follow it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from bot.playground.errors import Refused

if TYPE_CHECKING:
    from bot.playground.site import Site

Given = dict[str, Any]

LONGEST_TURN_S = 366 * 24 * 3600.0


def shown(site: Site) -> Given:
    """What a page knows of the clock: the time, how far it was turned, what it may be turned to."""
    opens = site.opens if site.opens is not None and site.opens > site.clock.now() else None
    return {"now": site.clock.now(), "ahead": site.clock.ahead, "opens": opens}


async def advance(site: Site, given: Given) -> Given:
    """Turn the clock forward."""
    try:
        seconds = float(given.get("seconds", 0))
        if not math.isfinite(seconds) or seconds > LONGEST_TURN_S:
            raise Refused("the clock turns by a year at most")
        site.clock.advance(seconds)
    except ValueError as error:
        raise Refused(str(error)) from error
    return tell(site)


async def turn_back(site: Site, _given: Given) -> Given:
    """Show the real time again; what was said meanwhile keeps its time, and comes first."""
    site.clock.turn_back()
    return tell(site)


async def clock(site: Site, given: Given) -> Given:
    """Tell the time; an app's runner may say when its desk `opens` next, for the page to offer."""
    if "opens" in given:
        opens = given["opens"]
        if opens is not None and not isinstance(opens, int | float):
            raise Refused("`opens` must be a time in seconds, or null")
        if opens != site.opens:
            site.opens = opens
            return tell(site)
    return shown(site)


def tell(site: Site) -> Given:
    """Tell every open page what the clock shows now."""
    told = shown(site)
    site.live.tell(None, {"type": "clock", "clock": told})
    return told
