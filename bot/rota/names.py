"""The people that a calendar names: ids, addresses and names to members of the workspace."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.ids import UserId

if TYPE_CHECKING:
    from collections.abc import Mapping

ID = re.compile(r"<?@?([UW][A-Z0-9]{7,})(?:\|[^<>]*+)?>?")
ADDRESS = re.compile(r"(?<![\w.+'-])[\w.+'-]++@[\w-]++(?:\.[\w-]++)++")
LEVEL = re.compile(r"\[L\d\]", re.IGNORECASE)
BETWEEN_PARTS = re.compile(r" [-\u2013\u2014] |[:;|()\[\]]")
BETWEEN_NAMES = re.compile(r"[,/&]| and | \+ ", re.IGNORECASE)
PAIR = 2
ON_CALL = re.compile(r" ?\b(?:is )?on[ -]?call\b ?", re.IGNORECASE)

Find = Callable[[str], UserId | None]
"""Finds a member of the workspace by an address or a name."""


NOBODY = frozenset({
    "unassigned", "not assigned", "nobody", "no one", "noone", "none", "vacant", "open", "tbd",
    "tba", "n/a", "empty", "gap", "weekend", "weekends", "holiday", "holidays",
})  # fmt: skip
"""What calendars write where nobody is on call."""


@dataclass(frozen=True)
class Read:
    """Whom a title names, and what in it is a name of nobody or of several."""

    people: tuple[UserId, ...]
    unclear: tuple[str, ...] = ()


def _no_others(_: str) -> int:
    return 0


class Names:
    """Recognises people, first as the configuration names them, then as the workspace does."""

    def __init__(
        self, known: Mapping[str, str], find: Find, several: Callable[[str], int] = _no_others
    ) -> None:
        """Use the names of the configuration, and `find` for all others.

        `several` counts those who share a name: they are never guessed between.
        """
        self._known = {plain(name): UserId(user) for name, user in known.items()}
        self._find = find
        self._several = several

    def person(self, name: str) -> UserId | None:
        """Find one person by an id, an address or a name, written exactly; ids are looked up."""
        name = name.strip()
        if not name:
            return None
        found = self._known.get(plain(name))
        if found is not None:
            return found
        given = ID.fullmatch(name)
        if given is None:
            return self._find(name)
        user = given.group(1)
        return UserId(user) if user in self._known.values() else self._find(user)

    def people(self, text: str) -> tuple[UserId, ...]:
        """Find everybody whom an event's title names, as the usual exports write it.

        `On Call - Jane Doe - Network`, `[L1] jane, bob`, `jane@example.com`, `Jane on call`.
        """
        return self.read(text).people

    def read(self, text: str) -> Read:
        """Find whom a title names, the whole before its parts, and what in it is unclear."""
        whole = self.person(text)
        if whole is not None:
            return Read((whole,))
        # In a line of single blanks, what stands between names is found without going back.
        text = " ".join(LEVEL.sub(" ", text).split())
        people: list[UserId] = []
        unclear: list[str] = []
        for address in ADDRESS.findall(text):
            self._take(address, people, unclear)
        for part in BETWEEN_PARTS.split(text):
            for each in dict.fromkeys((part.strip(), ON_CALL.sub(" ", part).strip())):
                self._read_part(each, people, unclear)
        return Read(tuple(dict.fromkeys(people)), tuple(dict.fromkeys(unclear)))

    def _read_part(self, part: str, people: list[UserId], unclear: list[str]) -> None:
        if self._take(part, people, unclear):
            return
        pair = [each.strip() for each in part.split(",")]
        if len(pair) == PAIR:
            if self._take(f"{pair[1]} {pair[0]}", people, unclear):
                return
            known = [each for each in pair if self.person(each)]
            # `Berg, Jonas` whom nobody knows is not the Jonas whom everybody knows.
            if len(known) == 1 and " " not in known[0] and "@" not in known[0]:
                unclear.append(part)
                return
        for each in BETWEEN_NAMES.split(part):
            self._take(each, people, unclear)

    def _take(self, name: str, people: list[UserId], unclear: list[str]) -> bool:
        found = self.person(name)
        if found is not None:
            people.append(found)
            return True
        if name.strip() and self._several(name) > 1:
            unclear.append(f"{name} (several have that name)")
            return True
        return False


def is_nobody(title: str) -> bool:
    """Whether a title says that a turn is nobody's."""
    parts = (plain(ON_CALL.sub(" ", each)) for each in BETWEEN_PARTS.split(title))
    return bool(NOBODY & {part for part in parts if part})


def plain(name: str) -> str:
    """Give a name as it is compared: composed, without case, with single blanks."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().lstrip("@").split())
