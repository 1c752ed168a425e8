"""What people may type and what notices may hold, for property tests."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

from hypothesis import strategies as st

from bot.desk.notices import Notice
from bot.desk.triage import Tier
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
slugs = st.sampled_from([a.VPN, a.MFA, "new-starter-checklist"])

BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "title": titles,
    "heading": st.just("") | titles,
    "url": st.none() | addresses,
    "permalink": st.none() | addresses,
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
    "ticket": st.integers(1001, 99_999),
    "tier": st.sampled_from([Tier.L2, Tier.L3]),
}


def _value(name: str, hint: Any) -> st.SearchStrategy[Any]:
    if name == "url" and hint is str:
        return addresses
    if name in BY_NAME:
        return BY_NAME[name]
    if hint is str:
        return typed
    if is_dataclass(hint) and isinstance(hint, type):
        return filled(hint)
    parts = [part for part in get_args(hint) if part is not Ellipsis]
    if isinstance(hint, type(tuple[int, ...])) and len(parts) == 1:
        few = st.lists(_value("", parts[0]), min_size=1 if name == "options" else 0, max_size=5)
        return few.map(tuple)
    if parts and type(None) in parts:
        return st.none() | st.one_of([_value("", p) for p in parts if p is not type(None)])
    return st.from_type(hint)


def filled(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Fill a value of the domain, its texts with anything that people may type."""
    hints = get_type_hints(kind)
    return st.builds(
        kind, **{f.name: _value(f.name, hints[f.name]) for f in fields(kind) if f.name != "kind"}
    )


KINDS: tuple[type[Any], ...] = get_args(Notice)
