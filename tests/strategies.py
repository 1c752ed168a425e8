"""What people may type and what notices may hold, for property tests."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from bot.desk.asking import Step, Walk
from bot.desk.ids import ChannelId, Thread, TicketId, Ts, UserId
from bot.desk.notices import Notice
from bot.desk.oncall import Override, Shift
from bot.desk.tiers import Tier
from tests import builders as a

LONGEST = 40_000
"""So many characters fit into one Slack message."""

NASTY = (
    "<!channel> ", "<!here>", "<!everyone|x>", "<!subteam^S1|@l2>", f"<@{a.ANA}> ", "<@U1|x>",
    "<https://evil.example|click> ", "&", "&amp;", "<", ">", "a\n", "\n", "```\n", "`", "*", "_",
    "> ", "x. ", "word ", "word", "😀", "é", "\u202e", "\x00", "|", "# ", "1. ", "- ",
)  # fmt: skip

units = st.sampled_from(NASTY) | st.text(min_size=1, max_size=12)
repeated = st.builds(
    lambda unit, times: (unit * times)[:LONGEST],
    units,
    st.sampled_from([1, 2, 7, 80, 300, 700, 1_500, 3_000, LONGEST]),
)
typed = st.lists(repeated, max_size=4).map(lambda parts: "".join(parts)[:LONGEST])
"""Anything that a person may type, up to the longest message, with all that hurts."""

written = typed.map(lambda text: text[:3_000])
"""Anything that an author may write into an article, in Markdown or what they take for it."""

titles = st.text(min_size=1, max_size=120).filter(str.strip)
user_ids = st.sampled_from([a.ANA, a.BEN, a.TOM, a.JONAS])
addresses = st.sampled_from(
    ["https://kb.example/vpn", "https://kb.example/a?b=1&c=2", f"https://kb.example/{'x' * 200}"]
)
groups = st.sampled_from(["l2", "l2-network", "l3"])
moments = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
    max_value=datetime(2027, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)
later = st.tuples(moments, moments, st.integers(1, 10_000)).map(
    lambda drawn: (min(drawn[:2]), max(drawn[:2]) + timedelta(minutes=drawn[2]))
)
slugs = st.sampled_from([a.VPN, a.MFA, "new-starter-checklist"])

BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "title": titles,
    "heading": st.just("") | titles,
    "url": st.none() | addresses,
    "permalink": st.none() | addresses,
    "link": st.none() | addresses,
    "article": slugs,
    "chosen": st.none() | slugs,
    "usergroup": st.none() | st.just("S0L2ONCALL"),
    "requester": user_ids,
    "by": st.none() | user_ids,
    "to": st.none() | user_ids,
    "assignee": st.none() | user_ids,
    "author": st.none() | user_ids,
    "found_by": st.none() | user_ids,
    "members": st.lists(user_ids, max_size=30).map(tuple),
    "channel": st.just(a.IT_HELP),
    "articles": st.lists(slugs, max_size=5).map(tuple),
    "failed": st.lists(slugs, max_size=5).map(tuple),
    "lead": written,
    "passage": st.just("") | written,
    "steps": st.lists(written.map(lambda text: text[:600]), max_size=12).map(tuple),
    "group": groups,
    "source": titles,
    "label": titles,
    "ticket": st.integers(1001, 99_999),
    "tier": st.sampled_from([Tier.L2, Tier.L3]),
}


BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: typed,
    datetime: moments,
    UserId: user_ids,
    ChannelId: st.just(a.IT_HELP),
    TicketId: st.integers(1001, 99_999),
    Ts: st.just(a.ASKED),
    Thread: st.just(a.THREAD),
}


def _value(name: str, hint: Any) -> st.SearchStrategy[Any]:
    if name == "url" and hint is str:
        return addresses
    if name in BY_NAME and not (name == "steps" and hint != tuple[str, ...]):
        return BY_NAME[name]
    if hint in BY_TYPE:
        return BY_TYPE[hint]
    if is_dataclass(hint) and isinstance(hint, type):
        return filled(hint)
    parts = [part for part in get_args(hint) if part is not Ellipsis]
    if get_origin(hint) is tuple and len(parts) == 1:
        few = st.lists(_value("", parts[0]), min_size=1 if name == "options" else 0, max_size=3)
        return few.map(tuple)
    if get_origin(hint) is tuple and parts:
        return st.tuples(*(_value("", part) for part in parts))
    if parts and type(None) in parts:
        return st.none() | st.one_of([_value(name, p) for p in parts if p is not type(None)])
    return st.from_type(hint)


def _each(kind: type[Any], **given: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    drawn = {
        f.name: _value(f.name, hints[f.name])
        for f in fields(kind)
        if f.name != "kind" and f.name not in given
    }
    return st.builds(kind, **drawn, **given)


def filled(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Fill a value of the domain, its texts with anything that people may type."""
    if kind in {Shift, Override}:
        # Their own rule: they end after they begin.
        begun = _each(kind, start=st.just(a.NOON), end=st.just(a.NOON + timedelta(hours=1)))
        return st.builds(lambda one, when: replace(one, start=when[0], end=when[1]), begun, later)
    if kind is Walk:
        steps = st.lists(_each(Step, text=written), min_size=1, max_size=4).map(tuple)
        return _each(kind, steps=steps, number=st.just(1), chosen=st.none())
    return _each(kind)


KINDS: tuple[type[Any], ...] = get_args(Notice)
