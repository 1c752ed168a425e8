"""What open pages are told as it happens."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any

from starlette.websockets import WebSocket, WebSocketDisconnect

if TYPE_CHECKING:
    from collections.abc import Iterable

_QUEUE = 5_000


class Page:
    """One open page; its frames are numbered without gaps."""

    def __init__(self, user: str) -> None:
        """Of this person."""
        self.user = user
        self.queue: asyncio.Queue[str | None] = asyncio.Queue(_QUEUE)
        self._seq = 0

    def send(self, body: str) -> None:
        """Queue a frame; a page that is too slow is dropped and fetches everything again."""
        numbered = f'{{"seq":{self._seq},{body[1:]}'
        self._seq += 1
        try:
            self.queue.put_nowait(numbered)
        except asyncio.QueueFull:
            self.close()

    def close(self) -> None:
        """End the connection after dropping what was queued."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Live:
    """The open pages, by person."""

    def __init__(self, boot_id: str) -> None:
        """With the id that pages tell one run of the server from another by."""
        self._boot_id = boot_id
        self._pages: set[Page] = set()

    def tell(self, users: Iterable[str] | None, frame: dict[str, Any]) -> None:
        """Send a frame to the pages of these people, or to all pages."""
        if not self._pages:
            return
        wanted = None if users is None else set(users)
        body = json.dumps(frame, separators=(",", ":"))
        for page in list(self._pages):
            if wanted is None or page.user in wanted:
                page.send(body)

    async def serve(self, socket: WebSocket, user: str) -> None:
        """Keep one page informed until it leaves."""
        await socket.accept()
        page = Page(user)
        page.send(json.dumps({"type": "hello", "boot_id": self._boot_id}))
        self._pages.add(page)
        sender = asyncio.create_task(self._pump(socket, page))
        try:
            while True:
                message = await socket.receive()
                # Whatever a page sends here has no meaning; it is read only to notice the end.
                if message["type"] == "websocket.disconnect":
                    break
        except WebSocketDisconnect:
            pass
        finally:
            self._pages.discard(page)
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sender

    async def _pump(self, socket: WebSocket, page: Page) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
            while (body := await page.queue.get()) is not None:
                await socket.send_text(body)
            await socket.close(1013)
        self._pages.discard(page)

    def close(self) -> None:
        """Close every page's connection."""
        for page in list(self._pages):
            page.close()
