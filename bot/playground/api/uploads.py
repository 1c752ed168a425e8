"""files.*: uploading in three steps."""

from __future__ import annotations

from typing import Any

from bot.playground.api.call import Call, Methods
from bot.playground.blockkit import complete_blocks
from bot.playground.errors import SlackError
from bot.playground.happening import posting
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
    return {"files": files}


@methods.add("files.info", "files:read")
def files_info(call: Call) -> dict[str, Any]:
    """Describe a file."""
    file = call.site.files.find(call.required("file"))
    return {
        "file": file,
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }
