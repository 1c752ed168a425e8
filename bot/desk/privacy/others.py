"""What goes to others than those whose words they are: the same notice without secrets."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from dataclasses import Field

    from bot.desk.addresses import Destination
    from bot.desk.privacy.secrets import Scrubber

Said = TypeVar("Said")

WRITTEN_BEFORE = frozenset(
    ["answer", "clarify", "walk", "passed", "thanked", "courtesy", "first_words", "route_question"]
)
"""Notices that say what an article or the configuration says, and nothing that a person wrote.

The number to ring in danger looks like a code.
"""

TO_REQUESTER = frozenset({"relayed", "settled"})
"""What engineers write to a requester, who may need a first password; not where others read."""

ADDRESSES = frozenset({"kind", "url", "permalink", "heading_url", "channel", "link"})
"""Fields that are no words."""

IDS = frozenset({"UserId", "ChannelId", "TeamId", "Ts", "datetime", "None", "tuple"})
"""Types that are no words either; a bare id looks like a password."""

NO_WORDS = frozenset({"article", "articles", "failed", "near"})
"""Fields that name articles, by the names of their files."""

DIRECT = ("D", "U", "W")
"""How the ids of direct conversations and of people begin."""


def for_others(notice: Said, to: Destination, scrubber: Scrubber) -> Said:
    """Take the secrets out of a notice; a notice that has the field is marked as `masked`."""
    kind = getattr(notice, "kind", "")
    own = kind in TO_REQUESTER and to.channel.startswith(DIRECT)
    if kind in WRITTEN_BEFORE or (own and getattr(notice, "original", None) is None):
        return notice
    scrubbed: Said = rewritten(notice, lambda text: scrubber.scrub(text).text)
    if scrubbed != notice and hasattr(scrubbed, "masked"):
        marked: Said = replace(scrubbed, masked=True)  # type: ignore[type-var]
        return marked
    return scrubbed


def rewritten(value: Any, change: Any) -> Any:
    """Give a value with every text that people wrote changed, however deep it stands."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return change(value)
    if isinstance(value, tuple):
        return tuple(rewritten(each, change) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        given = {f.name: getattr(value, f.name) for f in fields(value) if f.init}
        changed = {
            field.name: given[field.name]
            if field.name in ADDRESSES | NO_WORDS or _is_id(field)
            else rewritten(given[field.name], change)
            for field in fields(value)
            if field.name in given
        }
        return value if changed == given else replace(value, **changed)
    return value


def _is_id(field: Field[Any]) -> bool:
    """Tell by its type whether a field holds ids, times or words of our own alone."""
    if str(field.type).startswith("Literal["):
        return True
    return set(re.findall(r"[A-Za-z]\w*", str(field.type))) <= IDS
