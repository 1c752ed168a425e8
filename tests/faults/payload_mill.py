"""Malformed payloads, made from a seed by spoiling valid ones of every kind."""

from __future__ import annotations

import copy
import json
import random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bot.slack import actions as ids
from tests import builders as a
from tests.slack import payloads as valid

if TYPE_CHECKING:
    from collections.abc import Iterator

Payload = dict[str, Any]

ODD: tuple[Any, ...] = (
    None, True, 0, 12345, -1, 2**63, 2**200, 1.5, float("nan"), float("inf"), "", " ", "0", "null",
    [], [[]], [None], {}, {"id": 7}, {"id": None}, [{"id": "U1"}], "\x00", "U0\x00", "\ud83d",
    "U0\udfff", "\u202e\u2028", "%00", "<!channel>", "T-1001", "1001|", "|", "-1", "9" * 400,
    "1772452800.000100.1", "U" * 300, "x" * 5_000, "{", "[1", '{"escalation": "7"}', "\xff",
)  # fmt: skip


def originals() -> list[Payload]:
    """One valid payload of every kind."""
    shortcut: Payload = {
        "type": "message_action", "trigger_id": "9003.1.x", "team": {"id": a.TEAM},
        "channel": {"id": a.IT_HELP}, "user": {"id": a.TOM}, "callback_id": ids.ASK_ABOUT,
        "message": {"ts": "1772452900.000100", "user": a.ANA, "text": "VPN?", "files": [{}]},
    }  # fmt: skip
    slash: Payload = {
        "command": "/helpdesk", "team_id": a.TEAM, "channel_id": a.IT_HELP, "user_id": a.ANA,
        "text": "mine", "trigger_id": "9004.1.x",
    }  # fmt: skip
    home = {"type": "app_home_opened", "user": a.MEI, "channel": a.DIRECT, "tab": "home"}
    at_home = json.dumps({"escalation": 0, "channel": a.ANA, "ts": "", "thread_ts": None})
    asked = valid.submission(ids.ASK_HOME_MODAL, {ids.TEXT: "VPN?"})
    asked["view"]["private_metadata"] = at_home
    events = (
        valid.message(),
        valid.message("VPN?", channel=a.DIRECT, channel_type="im", files=[{"name": "a.png"}]),
        valid.mention(f"<@{a.BOT}> VPN?", attachments=[{"text": "Forwarded."}]),
        valid.changed("new", "old"),
        valid.removed(),
        home,
        {"type": "reaction_added", "user": a.ANA, "item": {"ts": "1.0"}},
    )
    modals = (
        (ids.RESOLVE_MODAL, {ids.CAUSE: "Dust.", ids.FIX: "Cleaned."}),
        (ids.ESCALATE_MODAL, {ids.FINDINGS: "Odd."}),
        (ids.HAND_OVER_MODAL, {ids.TARGET: a.MEI}),
        (ids.WRONG_CALL_MODAL, {ids.LABEL: "L1"}),
        (ids.REMARK_MODAL, {ids.TEXT: "Thanks."}),
    )
    presses = (
        (ids.SOLVED, "1001"), (ids.NOT_HELPFUL, "1001|vpn-connect"), (ids.CALL_PERSON, "1001"),
        (ids.TAKE, "1"), (ids.RESOLVE, "1|L2"), (ids.READ_ARTICLE, "1001|vpn-connect"),
        (ids.MORE, "1|mute"), (f"{ids.CHOOSE}.1", "1001|vpn-connect"), (f"{ids.RATE}.5", "1001|5"),
        (ids.WALK, "1001|vpn-connect"), (ids.ON_CALL_CONFIRM, "{}"),
    )  # fmt: skip
    return [
        *(valid.callback(event) for event in events),
        *(valid.press(action, value) for action, value in presses),
        *(valid.submission(callback, values) for callback, values in modals),
        asked,
        shortcut,
        {**shortcut, "callback_id": ids.SEND_ON},
        {**shortcut, "callback_id": ids.OPEN_ESCALATION},
        {**shortcut, "callback_id": ids.DECLARE},
        {"type": "shortcut", "callback_id": ids.ASK_ANYTHING, "trigger_id": "1.x",
         "user": {"id": a.ANA}, "team": {"id": a.TEAM}},
        slash,
        {**slash, "command": "/oncall", "text": "l2"},
    ]  # fmt: skip


class Mill:
    """Takes a valid payload and spoils it."""

    def __init__(self, seed: int) -> None:
        """Whatever comes follows from the seed."""
        self._chance = random.Random(seed)
        self._originals = originals()

    def payloads(self, count: int) -> Iterator[Payload | str]:
        """Give so many malformed payloads."""
        for number in range(count):
            payload = copy.deepcopy(self._chance.choice(self._originals))
            self._make_new(payload, number)
            for _ in range(self._chance.randint(1, 3)):
                self._spoil(payload)
            if self._chance.random() < 0.05:
                yield self._as_body(payload)
            else:
                yield payload

    def _make_new(self, payload: Payload, number: int) -> None:
        """Give it ids of its own, so that it is not taken for one that came before."""
        if "event_id" in payload:
            payload["event_id"] = f"Ev{number:08d}"
            event = payload["event"]
            event["ts"] = f"17{number:08d}.000001"
        else:
            payload["trigger_id"] = f"{number}.1.x"

    def _spoil(self, payload: Payload) -> None:
        path = self._chance.choice(list(_places(payload)))
        holder: Any = payload
        for step in path[:-1]:
            holder = holder[step]
        match self._chance.randrange(9):
            case 0:
                del holder[path[-1]]
            case 1 | 2 | 3:
                holder[path[-1]] = copy.deepcopy(self._chance.choice(ODD))
            case 4:
                holder[path[-1]] = self._deep()
            case 5:
                holder[path[-1]] = self._large(holder[path[-1]])
            case 6:
                holder[path[-1]] = _spoilt_text(str(holder[path[-1]]), self._chance)
            case 7:
                holder[path[-1]] = [holder[path[-1]]] * self._chance.choice((1, 2, 3_000))
            case _:
                other = self._chance.choice(self._originals)
                holder[path[-1]] = copy.deepcopy(other[self._chance.choice(list(other))])

    def _deep(self) -> Any:
        value: Any = "x"
        for _ in range(self._chance.choice((5, 70, 400, 900))):
            value = [value] if self._chance.random() < 0.5 else {"id": value}
        return value

    def _large(self, value: Any) -> Any:
        times = self._chance.choice((1_000, 50_000, 500_000))
        return (
            f"{str(value)[:5] or 'x'}{self._chance.choice(('x', '&', '<@U1>', chr(0), '😀'))}"
            * (times // 10)
        )

    def _as_body(self, payload: Payload) -> str:
        """Write it as a body over HTTP, in one of the ways in which that goes wrong."""
        try:
            text = json.dumps(payload)
        except (RecursionError, ValueError):
            text = "{"
        match self._chance.randrange(5):
            case 0:
                return text[: self._chance.randrange(len(text) + 1)]
            case 1:
                return "\ufeff" + text
            case 2:
                return urlencode({"payload": text[: len(text) // 2]})
            case 3:
                return text.encode().decode("utf-16", "replace")
            case _:
                return urlencode({"command": "/helpdesk", "text": "\x00%ff"}) + "&user_id=\udcff"


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if len(path) > 12:
        return
    if isinstance(value, dict):
        for key in value:
            yield from _places(value[key], (*path, key))
    elif isinstance(value, list):
        for number in range(min(len(value), 3)):
            yield from _places(value[number], (*path, number))


def _spoilt_text(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    odd = chance.choice(
        ("\x00", "\ud83d", "\udc00\ud83d", "\u202e", "\x1b[31m", "\ufffe", "'\"`;--")
    )
    return text[:at] + odd + text[at:]
