"""Somebody at the page, for tests: says things, presses buttons, looks at what is there."""

from __future__ import annotations

import contextlib
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any, Self, TypeVar

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from bot.playground.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

T = TypeVar("T")
Message = dict[str, Any]

# The live connection wakes a waiting test; this is for what a test watches outside the workspace.
_LOOK_AGAIN_SECONDS = 0.25
_CONNECT_SECONDS = 5.0


class Person:
    """One person of the workspace at `url`, with a live connection of their own."""

    def __init__(self, url: str, user_id: str) -> None:
        """Sit down at the page as this person."""
        self.url, self.id = url.rstrip("/"), user_id
        self._changed = threading.Condition()
        self._frames = 0
        self._is_closed = False
        self._socket: ClientConnection | None = None
        self._is_live = threading.Event()
        threading.Thread(target=self._listen, name=f"person-{user_id}", daemon=True).start()
        if not self._is_live.wait(_CONNECT_SECONDS):
            raise Refused(f"no workspace answers {user_id} at {self.url}")

    # --- doing

    def say(
        self, channel: str, text: str, thread_ts: str | None = None, *, broadcast: bool = False
    ) -> str:
        """Post a message, or a reply in a thread; returns its `ts`."""
        told = self.act("message", channel=channel, text=text, thread_ts=thread_ts,
                        broadcast=broadcast)  # fmt: skip
        return str(told["ts"])

    def edit(self, channel: str, ts: str, text: str) -> None:
        """Change one's own message."""
        self.act("edit", channel=channel, ts=ts, text=text)

    def delete(self, channel: str, ts: str) -> None:
        """Delete one's own message."""
        self.act("delete", channel=channel, ts=ts)

    def react(self, channel: str, ts: str, name: str, *, remove: bool = False) -> None:
        """React to a message, or take the reaction back."""
        self.act("react", channel=channel, ts=ts, name=name, remove=remove)

    def press(
        self, channel: str, ts: str, action_id: str, *, value: Any = None,
        block_id: str | None = None,
    ) -> None:  # fmt: skip
        """Use a button or menu of a message; with `value`, the one that has it."""
        if block_id is None and value is not None:
            block_id = self._block_with(channel, ts, action_id, value)
        self.act("press", channel=channel, ts=ts, action_id=action_id, block_id=block_id,
                 value=value)  # fmt: skip

    def press_in_view(
        self, action_id: str, *, value: Any = None, values: Mapping[str, Any] | None = None,
        view: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """Use a control of the open modal, or of the view given (an App Home)."""
        shown = view or self._open_modal()
        self.act("press", view_id=shown["id"], action_id=action_id, value=value,
                 values=_by_block(shown, values or {}))  # fmt: skip

    def submit(self, values: Mapping[str, Any] | None = None) -> dict[str, str] | None:
        """Submit the open modal; returns the errors shown on fields, by block id.

        `values` is keyed by block id or action id; each is the text, the value of an option,
        or the element's state as Slack reports it.
        """
        shown = self._open_modal()
        told = self.act("submit", view_id=shown["id"], values=_by_block(shown, values or {}))
        errors: dict[str, str] | None = told.get("errors") or None
        return errors

    def close_modal(self) -> None:
        """Close the open modal without submitting it."""
        self.act("close", view_id=self._open_modal()["id"])

    def command(self, channel: str, text: str) -> None:
        """Use a slash command."""
        self.act("command", channel=channel, text=text)

    def shortcut(self, callback_id: str, channel: str | None = None, ts: str | None = None) -> None:
        """Use a global shortcut, or a message shortcut on a message."""
        self.act("shortcut", callback_id=callback_id, channel=channel, ts=ts)

    def suggest(self, action_id: str, value: str) -> list[dict[str, Any]]:
        """The options that the app offers in an external menu of the open modal."""
        told = self.act("suggest", view_id=self._open_modal()["id"], action_id=action_id,
                        value=value)  # fmt: skip
        options: list[dict[str, Any]] = told.get("options", [])
        return options

    def open_home(self) -> dict[str, Any] | None:
        """Open the App Home; what it shows so far."""
        view: dict[str, Any] | None = self.act("home").get("view")
        return view

    def dm(self, user_id: str) -> str:
        """The id of the direct messages with somebody."""
        return str(self.act("open_im", user=user_id)["channel"])

    def act(self, action: str, **given: Any) -> dict[str, Any]:
        """Do anything that the page can do; raises Refused with what the page would show."""
        return self._post("/playground/act", {"as": self.id, "action": action, **given})

    def control(self, op: str, **given: Any) -> dict[str, Any]:
        """Run a control operation."""
        return self._post("/playground/control", {"op": op, **given})

    # --- seeing

    def sees(self, channel: str) -> list[Message]:
        """The top-level messages of a channel, oldest first."""
        return list(self._get("history", channel=channel, limit="500")["messages"])

    def thread(self, channel: str, ts: str) -> list[Message]:
        """A thread: the parent, then its replies."""
        return list(self._get("replies", channel=channel, ts=ts)["messages"])

    def ephemerals(self, channel: str | None = None) -> list[Message]:
        """The messages that only this person sees, in all channels or in one."""
        booted = self.boot()
        wanted = self._channel_id(channel, booted) if channel else None
        return [
            shown["message"]
            for shown in booted["ephemerals"]
            if wanted is None or shown["channel"] == wanted
        ]

    def modal(self) -> dict[str, Any] | None:
        """The open modal, if any."""
        views = self.boot()["views"]
        return views[-1] if views else None

    def home(self) -> dict[str, Any] | None:
        """What the App Home shows."""
        view: dict[str, Any] | None = self.boot()["home"]["user"]
        return view

    def boot(self) -> dict[str, Any]:
        """The workspace as this person sees it."""
        return self._get("boot")

    def wait_for(self, predicate: Callable[[], T | None], timeout: float = 10) -> T:
        """The predicate's first true value; asked again whenever something happens."""
        deadline = time.monotonic() + timeout
        while True:
            with self._changed:
                seen = self._frames
            value = predicate()
            if value:
                return value
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{self.id} did not see it within {timeout} s")
            with self._changed:
                if self._frames == seen:
                    self._changed.wait(min(left, _LOOK_AGAIN_SECONDS))

    def close(self) -> None:
        """Leave."""
        self._is_closed = True
        if self._socket is not None:
            self._socket.close()

    def __enter__(self) -> Self:
        """Stay for the length of a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave."""
        self.close()

    # --- inside

    def _open_modal(self) -> dict[str, Any]:
        shown = self.modal()
        if shown is None:
            raise Refused(f"no modal is open for {self.id}")
        return shown

    def _block_with(self, channel: str, ts: str, action_id: str, value: Any) -> str | None:
        """The block whose button of that action has that value."""
        candidates = [*self.thread(channel, ts), *self.ephemerals()]
        message = next((m for m in candidates if m["ts"] == ts), None)
        for block in (message or {}).get("blocks", []):
            elements = [*block.get("elements", []), block.get("accessory") or {}]
            for element in elements:
                if element.get("action_id") == action_id and element.get("value") == value:
                    return str(block["block_id"])
        return None

    def _channel_id(self, name: str, booted: dict[str, Any]) -> str:
        wanted = name.removeprefix("#")
        for channel in booted["channels"]:
            if wanted in (channel["id"], channel["name"]):
                return str(channel["id"])
        return name

    def _get(self, what: str, **query: str) -> dict[str, Any]:
        encoded = urllib.parse.urlencode({"as": self.id, **query})
        address = f"{self.url}/playground/{what}?{encoded}"
        return self._exchange(urllib.request.Request(address))  # noqa: S310  (a local server)

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310  (a local server)
            self.url + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        return self._exchange(request)

    def _exchange(self, request: urllib.request.Request) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
                answer: dict[str, Any] = json.load(response)
        except urllib.error.HTTPError as error:
            answer = json.load(error)
        if answer.get("ok") is False:
            raise Refused(answer["error"])
        return answer

    def _listen(self) -> None:
        address = self.url.replace("http", "ws", 1) + f"/playground/live?as={self.id}"
        while not self._is_closed:
            # While the workspace restarts, waiting tests look again by themselves.
            with (
                contextlib.suppress(WebSocketException, OSError),
                connect(address, max_size=None, compression=None) as self._socket,
            ):
                self._is_live.set()
                for _ in self._socket:
                    self._wake()
            self._wake()
            if not self._is_closed:
                time.sleep(_LOOK_AGAIN_SECONDS)

    def _wake(self) -> None:
        with self._changed:
            self._frames += 1
            self._changed.notify_all()


def _by_block(view: dict[str, Any], values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Values keyed by block or action id, in the form in which the page sends them."""
    placed: dict[str, dict[str, Any]] = {}
    left = dict(values)
    for block in view["blocks"]:
        elements = [block.get("element"), block.get("accessory"), *block.get("elements", [])]
        for element in elements:
            if not isinstance(element, dict) or "action_id" not in element:
                continue
            for key in (block["block_id"], element["action_id"]):
                if key in left:
                    slot = placed.setdefault(block["block_id"], {})
                    slot[element["action_id"]] = left.pop(key)
    if left:
        raise Refused(f"the modal has no field `{next(iter(left))}`")
    return placed
