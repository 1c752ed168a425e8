"""Files in conversations: who is told that they are shown, and what is left when they go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.happening import posting

if TYPE_CHECKING:
    from bot.playground.site import Site


def tell_shared(site: Site, files: list[dict[str, Any]], channel_id: str, user: str) -> None:
    """Send `file_shared` for each file, if the app is in the channel."""
    if site.workspace.bot.user_id not in site.workspace.channels[channel_id].members:
        return
    for file in files:
        event = {
            "type": "file_shared",
            "file_id": file["id"],
            "user_id": user,
            "file": {"id": file["id"]},
            "channel_id": channel_id,
            "event_ts": site.workspace.next_ts(),
        }
        posting.emit(site, event)


def remove(site: Site, file: dict[str, Any]) -> None:
    """Forget a file; where it was shown, a tombstone stays."""
    file_id = file["id"]
    stone = {"id": file_id, "mode": "tombstone"}
    for channel_id in file["channels"]:
        channel = site.workspace.channels[channel_id]
        for message in list(site.workspace.timelines[channel_id].by_ts.values()):
            shown = message.get("files") or []
            if any(one["id"] == file_id for one in shown):
                left = [stone if one["id"] == file_id else one for one in shown]
                posting.edit(site, channel, message, {"files": left}, file["user"])
    site.files.forget(file_id)
    moment = site.workspace.next_ts()
    posting.emit(site, {"type": "file_deleted", "file_id": file_id, "event_ts": moment})
