"""Uploaded files."""

from __future__ import annotations

import base64
import mimetypes
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.playground.errors import SlackError

if TYPE_CHECKING:
    from bot.playground.state.clock import Clock
    from bot.playground.state.ids import Ids
    from bot.playground.state.journal import Journal

MAX_BYTES = 16 * 1024 * 1024


@dataclass
class Pending:
    """An upload that was announced."""

    id: str
    name: str
    length: int
    content: bytes | None = None


@dataclass
class Files:
    """Files by id, announced, uploaded and then shared."""

    clock: Clock
    ids: Ids
    journal: Journal
    pending: dict[str, Pending] = field(default_factory=dict)
    shared: dict[str, dict[str, Any]] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the files that the journal remembers."""
        for file_id, record in self.journal.load("file"):
            self.shared[file_id] = record["file"]
            self.contents[file_id] = base64.b64decode(record["content"])

    def announce(self, name: str, length: int) -> Pending:
        """Expect an upload of this size."""
        upload = Pending(self.ids.slack("F"), name, length)
        self.pending[upload.id] = upload
        return upload

    def receive(self, file_id: str, content: bytes) -> Pending:
        """Take the bytes of an announced upload; raises SlackError."""
        upload = self.pending.get(file_id)
        if upload is None:
            raise SlackError("file_not_found")
        if len(content) != upload.length:
            raise SlackError(
                "length_mismatch", f"{upload.length} bytes were announced, {len(content)} came"
            )
        upload.content = content
        return upload

    def complete(self, file_id: str, title: str | None, user: str, base_url: str) -> dict[str, Any]:
        """Make an uploaded file a file of the workspace; raises SlackError."""
        upload = self.pending.pop(file_id, None)
        if upload is None or upload.content is None:
            raise SlackError("file_not_found")
        kind = mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
        now = int(self.clock.now())
        file = {
            "id": file_id,
            "created": now,
            "timestamp": now,
            "name": upload.name,
            "title": title or upload.name,
            "mimetype": kind,
            "filetype": upload.name.rpartition(".")[2] or "binary",
            "pretty_type": kind,
            "user": user,
            "size": len(upload.content),
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "url_private": f"{base_url}/playground/files/{file_id}/{upload.name}",
            "url_private_download": f"{base_url}/playground/files/{file_id}/{upload.name}",
            "permalink": f"{base_url}/playground/files/{file_id}/{upload.name}",
            "channels": [],
            "groups": [],
            "ims": [],
        }
        self.shared[file_id] = file
        self.contents[file_id] = upload.content
        self._remember(file_id)
        return file

    def share(self, file: dict[str, Any], channel_id: str) -> None:
        """Note that a file is shown in a channel."""
        if channel_id not in file["channels"]:
            file["channels"] = [*file["channels"], channel_id]
        self._remember(file["id"])

    def _remember(self, file_id: str) -> None:
        encoded = base64.b64encode(self.contents[file_id]).decode("ascii")
        self.journal.put("file", file_id, {"file": self.shared[file_id], "content": encoded})

    def forget(self, file_id: str) -> None:
        """Keep nothing of a file."""
        self.shared.pop(file_id, None)
        self.contents.pop(file_id, None)
        self.journal.drop("file", file_id)

    def find(self, file_id: str) -> dict[str, Any]:
        """A file of the workspace; raises SlackError."""
        if file_id not in self.shared:
            raise SlackError("file_not_found")
        return self.shared[file_id]
