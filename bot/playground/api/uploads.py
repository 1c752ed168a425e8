"""files.*: uploading in three steps."""

from __future__ import annotations

from typing import Any

from bot.playground.api.call import Call, Methods
from bot.playground.blockkit import complete_blocks
from bot.playground.errors import SlackError
from bot.playground.happening import posting, sharing
from bot.playground.happening.app_messages import authored
from bot.playground.state.files import MAX_BYTES

methods = Methods()


@methods.add("files.getUploadURLExternal", "files:write")
def get_upload_url(call: Call) -> dict[str, Any]:
    """Announce an upload and get the address for it."""
    name = call.required("filename")
    raw = call.required("length")
    if not raw.isdigit() or int(raw) < 1:
        raise SlackError("invalid_arguments", "length must be a positive number")
    if int(raw) > MAX_BYTES:
        raise SlackError("file_upload_size_restricted")
    upload = call.site.files.announce(name, int(raw))
    url = f"{call.site.base_url}/upload/v1/{upload.id}"
    return {"upload_url": url, "file_id": upload.id}


@methods.add("files.completeUploadExternal", "files:write")
def complete_upload(call: Call) -> dict[str, Any]:
    """Finish uploads, and share them in a channel if one is given."""
    entries = call.json("files", list, "invalid_arguments")
    if not entries or not all(isinstance(e, dict) and e.get("id") for e in entries):
        raise SlackError("invalid_arguments", "missing required field: files")
    site = call.site
    channel = call.joined_channel("channel_id") if call.text("channel_id") else None
    files = [
        site.files.complete(entry["id"], entry.get("title"), call.bot_id, site.base_url)
        for entry in entries
    ]
    if channel is not None:
        for file in files:
            site.files.share(file, channel.id)
        message = authored(site, {"text": call.text("initial_comment"), "files": files})
        message["subtype"] = "file_share"
        message["upload"] = True
        if call.text("thread_ts"):
            message["thread_ts"] = call.text("thread_ts")
        blocks = call.json("blocks", list, "invalid_blocks_format")
        if blocks:
            message["blocks"] = complete_blocks(blocks, site.ids)
        posting.post(site, channel, message)
        sharing.tell_shared(site, files, channel.id, call.bot_id)
    return {"files": files}


@methods.add("files.info", "files:read")
def files_info(call: Call) -> dict[str, Any]:
    """Describe a file."""
    file = call.site.files.find(call.required("file", "file_not_found"))
    return {
        "file": file,
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


@methods.add("files.list", "files:read")
def files_list(call: Call) -> dict[str, Any]:
    """The files that the app may see: in its channels, or its own."""
    workspace = call.site.workspace
    wanted = call.text("channel")
    if wanted and wanted not in workspace.channels:
        raise SlackError("channel_not_found")
    kinds = {kind.strip() for kind in call.text("types", "all").split(",")}
    count, at = call.number("count", 100, 1000), call.number("page", 1, 1_000_000)
    found = [
        file
        for file in reversed(list(call.site.files.shared.values()))
        if _is_seen(call, file)
        and (not wanted or wanted in file["channels"])
        and (not call.text("user") or file["user"] == call.text("user"))
        and ("all" in kinds or _kind(file) in kinds)
    ]
    pages = max(1, -(-len(found) // count))
    paging = {"count": count, "total": len(found), "page": at, "pages": pages}
    return {"files": found[(at - 1) * count : at * count], "paging": paging}


@methods.add("files.delete", "files:write")
def files_delete(call: Call) -> dict[str, Any]:
    """Take one of the app's own files away; messages keep a mark in its place."""
    file = call.site.files.find(call.required("file", "file_not_found"))
    if file["user"] != call.bot_id:
        raise SlackError("cant_delete_file")
    sharing.remove(call.site, file)
    return {}


def _is_seen(call: Call, file: dict[str, Any]) -> bool:
    channels = call.site.workspace.channels
    shared = [channels[one] for one in file["channels"] if one in channels]
    return file["user"] == call.bot_id or any(call.bot_id in c.members for c in shared)


def _kind(file: dict[str, Any]) -> str:
    """Slack's `types` of a file."""
    if file["mimetype"].startswith("image/"):
        return "images"
    return {"application/pdf": "pdfs", "application/zip": "zips"}.get(file["mimetype"], "all")
