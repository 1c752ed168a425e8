"""Values of a report as people read them: never more precise than what they rest on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.figures.values import FEW, Mean, Spread, Value
from bot.desk.learning import Share

if TYPE_CHECKING:
    from collections.abc import Sequence

NONE = "none"
MINUTE, HOUR, DAY = 60, 3600, 86_400
UNITS = ((2 * DAY, DAY, "d"), (2 * HOUR, HOUR, "h"), (2 * MINUTE, MINUTE, "min"), (0, 1, "s"))
"""From so many seconds on, a length is said in this unit."""
WHOLE_FROM = 10
"""From so many of a unit on, nobody asks for its tenths."""


def said(value: Value) -> str:
    """Say a value."""
    match value:
        case None:
            return NONE
        case Share():
            return _share(value)
        case Spread():
            return _spread(value)
        case Mean():
            return f"{value.value:.1f} ({value.low:.1f} to {value.high:.1f}), n = {value.of}"
        case timedelta():
            return lasting(value)
        case bool() | str():
            return str(value)
        case int():
            return f"{value:,}"
        case float():
            return f"{value:.2f}"


def lasting(length: timedelta) -> str:
    """Say a length of time, in the unit that fits: `40 s`, `12 min`, `3.5 h`, `4 d`."""
    seconds = length.total_seconds()
    for least, unit, name in UNITS:
        if abs(seconds) >= least:
            number = seconds / unit
            digits = 0 if abs(number) >= WHOLE_FROM or number == int(number) or unit == 1 else 1
            return f"{number:.{digits}f} {name}"
    return f"{seconds:.0f} s"


def percent(share: float) -> str:
    """Say a share in hundredths, never 0 or 100 where it is not quite that."""
    if 0 < share < 0.005:  # noqa: PLR2004 - what would be rounded to none
        return "<1%"
    if 0.995 < share < 1:  # noqa: PLR2004 - what would be rounded to all
        return ">99%"
    return f"{share:.0%}"


def _share(share: Share) -> str:
    if not share.of:
        return NONE
    counts = f"{share.hits:,} of {share.of:,}"
    low, high = share.interval
    between = f"{percent(low)} to {percent(high)}"
    if share.of < FEW:
        return f"{counts} (too few for a share)"
    return f"{percent(share.value)} ({between}), {counts}"


def _spread(spread: Spread) -> str:
    if not spread.of:
        return NONE
    if spread.median is None or spread.ninety is None:
        return f"too few to tell, n = {spread.of}"
    half, most = lasting(spread.median), lasting(spread.ninety)
    return f"{half}, {most} (n = {spread.of:,})"


def plain(values: Sequence[Value]) -> list[object]:
    """Give values as programs read them."""
    return [_plain(each) for each in values]


def _plain(value: Value) -> object:
    match value:
        case Share():
            low, high = value.interval
            known = {"share": round(value.value, 4), "low": round(low, 4), "high": round(high, 4)}
            return {"hits": value.hits, "of": value.of, **(known if value.of else {})}
        case Spread():
            return {
                "of": value.of,
                "median_s": value.median.total_seconds() if value.median else None,
                "p90_s": value.ninety.total_seconds() if value.ninety else None,
            }
        case Mean():
            rounded = (round(each, 3) for each in (value.value, value.low, value.high))
            return {"of": value.of, **dict(zip(("mean", "low", "high"), rounded, strict=True))}
        case timedelta():
            return value.total_seconds()
        case _:
            return value
