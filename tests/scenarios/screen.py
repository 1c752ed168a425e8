"""What one person sees of one thread, in words; and what they can do there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.playground import Person

    Message = dict[str, Any]

PATIENCE_S = 20.0
"""So long a test waits for what must come; a machine may be busy."""


def reads(message: Message) -> str:
    """Give all the words of a message as they stand on the screen, buttons in brackets."""
    blocks = message.get("blocks") or []
    if not message.get("bot_id") or not blocks:
        return str(message.get("text") or "")
    return "\n".join(part for block in blocks for part in _words(block))


def _words(block: dict[str, Any]) -> list[str]:
    words = [block["text"]["text"]] if "text" in block else []
    words += [field["text"] for field in block.get("fields", ())]
    for element in block.get("elements", ()):
        label = element.get("text")
        words.append(f"[{label['text']}]" if isinstance(label, dict) else str(label))
    if (beside := block.get("accessory")) and beside.get("type") == "button":
        words.append(f"[{beside['text']['text']}]")
    return words


def labels(message: Message) -> list[str]:
    """Name the buttons of a message."""
    return [button["text"]["text"] for _, button in _buttons(message)]


def pressable(message: Message) -> list[str]:
    """Give the action ids of a message's buttons."""
    return [str(button.get("action_id")) for _, button in _buttons(message)]


def _buttons(message: Message) -> list[tuple[str, dict[str, Any]]]:
    return [
        (block["block_id"], element)
        for block in message.get("blocks") or ()
        for element in (*(block.get("elements") or ()), block.get("accessory") or {})
        if element.get("type") == "button"
    ]


@dataclass(frozen=True)
class Screen:
    """A thread as one person sees it; `ts` is the message that it hangs on."""

    person: Person
    channel: str
    ts: str
    settle: Callable[[], None]

    @property
    def messages(self) -> list[Message]:
        """The thread, oldest first."""
        return self.person.thread(self.channel, self.ts)

    @property
    def top(self) -> str:
        """The words of the message that the thread hangs on."""
        return reads(self.messages[0])

    @property
    def replies(self) -> list[str]:
        """The words of everything below it."""
        return [reads(message) for message in self.messages[1:]]

    def waits_for(self, phrase: str, count: int = 1) -> str:
        """Wait until so many messages of the thread say something; give the last one's words."""
        return reads(self._find(phrase, count))

    def top_becomes(self, phrase: str) -> str:
        """Wait until the first message says something; give all its words."""
        found: str = self.person.wait_for(
            lambda: self.top if phrase in self.top else None, PATIENCE_S
        )
        return found

    def _find(self, phrase: str, count: int = 1) -> Message:
        def look() -> Message | None:
            found = [message for message in self.messages if phrase in reads(message)]
            return found[-1] if len(found) >= count else None

        return self.person.wait_for(look, PATIENCE_S)

    def count(self, phrase: str) -> int:
        """Count the messages of the thread that say something."""
        return sum(phrase in reads(message) for message in self.messages)

    def labels(self) -> list[str]:
        """Name all buttons in the thread, oldest first."""
        return [label for message in self.messages for label in labels(message)]

    def say(self, text: str) -> str:
        """Write into the thread."""
        return self.person.say(self.channel, text, self.ts)

    def press(self, label: str) -> None:
        """Press the newest button of this label, once the bot knows what it has posted."""
        self._find(f"[{label}]")
        self.settle()
        self.press_on(self._find(f"[{label}]"), label)

    def press_on(self, message: Message, label: str) -> None:
        """Press a button of a message as it was seen, whatever became of it since."""
        block_id, button = next(
            (block_id, button)
            for block_id, button in _buttons(message)
            if button["text"]["text"] == label
        )
        self.person.act(
            "press", channel=self.channel, ts=message["ts"], action_id=button["action_id"],
            block_id=block_id, value=button.get("value"),
        )  # fmt: skip

    def choose(self, label: str) -> None:
        """Choose an entry behind *More…*; its own modal stands open then, if it has one."""
        self.press("More…")
        view = self.person.wait_for(self.person.modal, PATIENCE_S)
        options = view["blocks"][-1]["element"]["options"]
        chosen = next(each["value"] for each in options if each["text"]["text"] == label)
        assert self.person.submit({"choice": chosen}) is None

    def number(self) -> str:
        """The ticket's number, as the card says it."""
        return re.findall(r"T-\d+", self.top)[0]

    def why(self) -> str:
        """What stands behind *Why?*."""
        self.press("Why?")
        view = self.person.wait_for(self.person.modal)
        self.person.close_modal()
        return "\n".join(words for block in view["blocks"] for words in _words(block))

    def fill(self, values: Mapping[str, Any]) -> dict[str, str] | None:
        """Fill the open modal in and submit it; gives what was not acceptable."""
        self.person.wait_for(self.person.modal)
        return self.person.submit(values)

    def seen_by(self, person: Person) -> Screen:
        """Give the same thread as somebody else sees it."""
        return Screen(person, self.channel, self.ts, self.settle)

    def whispers(self) -> list[str]:
        """The words that only this person sees, in this channel."""
        return [reads(message) for message in self.person.ephemerals(self.channel)]

    def waits_for_whisper(self, phrase: str) -> str:
        """Wait until this person alone is told something."""
        return self.person.wait_for(
            lambda: next((text for text in self.whispers() if phrase in text), None), PATIENCE_S
        )

    def marks(self, ts: str | None = None) -> list[str]:
        """Name the reactions on a message of the thread, the first one by default."""
        message = next(m for m in self.messages if m["ts"] == (ts or self.ts))
        return [reaction["name"] for reaction in message.get("reactions", ())]
