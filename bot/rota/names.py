"""The people that a calendar names: ids, addresses and names to members of the workspace."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.desk.ids import UserId

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ID = re.compile(r"<?@?([UW][A-Z0-9]{7,})(?:\|[^<>]*+)?>?")
ADDRESS = re.compile(r"(?<![\w.+'-])[\w.+'-]++@[\w-]++(?:\.[\w-]++)++")
LEVEL = re.compile(r"\[L\d\]", re.IGNORECASE)
BETWEEN_NAMES = re.compile(r" [-\u2013\u2014] |[:,;/&|()\[\]]| and | \+ ", re.IGNORECASE)
ON_CALL = re.compile(r" ?\b(?:is )?on[ -]?call\b ?", re.IGNORECASE)

Find = Callable[[str], UserId | None]
"""Finds a member of the workspace by an address or a name."""


class Names:
    """Recognises people, first as the configuration names them, then as the workspace does."""

    def __init__(self, known: Mapping[str, str], find: Find) -> None:
        """Use the names of the configuration, and `find` for all others."""
        self._known = {_plain(name): UserId(user) for name, user in known.items()}
        self._find = find

    def person(self, name: str) -> UserId | None:
        """Find one person by an id, an address or a name, written exactly."""
        name = name.strip()
        if not name:
            return None
        found = self._known.get(_plain(name))
        if found is not None:
            return found
        given = ID.fullmatch(name)
        return UserId(given.group(1)) if given else self._find(name)

    def people(self, text: str) -> tuple[UserId, ...]:
        """Find everybody whom an event's title names, as the usual exports write it.

        `On Call - Jane Doe - Network`, `[L1] jane, bob`, `jane@example.com`, `Jane on call`.
        """
        found = (self.person(name) for name in _candidates(text))
        return tuple(dict.fromkeys(person for person in found if person is not None))


def _candidates(text: str) -> Iterator[str]:
    yield text
    # In a line of single blanks, what stands between names is found without going back.
    text = " ".join(LEVEL.sub(" ", text).split())
    yield from ADDRESS.findall(text)
    for part in BETWEEN_NAMES.split(text):
        yield part
        shorter = ON_CALL.sub(" ", part)
        if shorter != part:
            yield shorter


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
