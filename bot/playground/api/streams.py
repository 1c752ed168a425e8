"""chat.startStream, appendStream and stopStream: an answer that appears while it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.api.call import Call, Methods
from bot.playground.api.chat import read_metadata
from bot.playground.blockkit import check_message_blocks, complete_blocks
from bot.playground.errors import SlackError
from bot.playground.happening import posting
from bot.playground.happening.app_messages import MAX_MARKDOWN, authored

if TYPE_CHECKING:
    from bot.playground.site import Site
    from bot.playground.state.timeline import Message
    from bot.playground.state.workspace import Channel

methods = Methods()

_TASK_STATES = frozenset({"pending", "in_progress", "complete", "error"})
_NEEDED = {
    "markdown_text": ("text",),
    "task_update": ("id", "title", "status"),
    "plan_update": ("title",),
    "blocks": ("blocks",),
}


@methods.add("chat.startStream", "chat:write")
def start_stream(call: Call) -> dict[str, Any]:
    """Begin a message in a thread; in a channel, for somebody who is named."""
    channel = call.joined_channel()
    if channel.is_archived:
        raise SlackError("is_archived")
    parent = call.site.workspace.find_message(channel, call.required("thread_ts"))
    if parent is None:
        raise SlackError("invalid_thread_ts")
    if not channel.is_im:
        for name in ("recipient_team_id", "recipient_user_id"):
            call.required(name, f"missing_{name}")
        if call.text("recipient_user_id") not in call.site.workspace.users:
            raise SlackError("user_not_found")
    if call.text("task_display_mode", "timeline") not in ("timeline", "plan", "dense"):
        raise SlackError("invalid_arguments", "task_display_mode must be timeline, plan or dense")
    pieces = _pieces(call)
    message = authored(call.site, {"text": "", "thread_ts": parent.get("thread_ts", parent["ts"])})
    message["streaming_state"] = "in_progress"
    mode = call.text("task_display_mode", "timeline")
    shown: dict[str, Any] = {"mode": mode, "pieces": []}
    message |= _written(call.site, shown, pieces)
    posted = posting.post(call.site, channel, message)
    call.site.streams[channel.id, posted["ts"]] = shown
    return {"channel": channel.id, "ts": posted["ts"]}


@methods.add("chat.appendStream", "chat:write")
def append_stream(call: Call) -> dict[str, Any]:
    """Go on writing."""
    channel, message = _open(call)
    pieces = _pieces(call)
    if not pieces:
        raise SlackError("no_text")
    _write(call, channel, message, _written(call.site, _shown(call, channel, message), pieces))
    return {"channel": channel.id, "ts": message["ts"]}


@methods.add("chat.stopStream", "chat:write")
def stop_stream(call: Call) -> dict[str, Any]:
    """End the message; what the app has below it comes last."""
    channel, message = _open(call)
    shown = _shown(call, channel, message)
    changes = _written(call.site, shown, _pieces(call))
    last = call.json("blocks", list, "invalid_blocks_format")
    if last:
        check_message_blocks(last)
        changes["blocks"] = [*changes.get("blocks", []), *complete_blocks(last, call.site.ids)]
    read_metadata(call, changes)
    changes["streaming_state"] = "completed"
    _write(call, channel, message, changes)
    del call.site.streams[channel.id, message["ts"]]
    told = {k: v for k, v in message.items() if k != "streaming_state"}
    return {"channel": channel.id, "ts": message["ts"], "message": told}


def _open(call: Call) -> tuple[Channel, Message]:
    channel = call.joined_channel()
    message = call.message(channel)
    if message.get("bot_id") != call.site.workspace.bot.bot_id:
        raise SlackError("message_not_owned_by_app")
    if message.get("streaming_state") != "in_progress":
        raise SlackError("message_not_in_streaming_state")
    return channel, message


def _shown(call: Call, channel: Channel, message: Message) -> dict[str, Any]:
    shown = call.site.streams.get((channel.id, message["ts"]))
    if shown is None:  # the workspace was started again meanwhile
        raise SlackError("message_not_in_streaming_state")
    return shown


def _pieces(call: Call) -> list[dict[str, Any]]:
    """What is added, as chunks, checked; raises SlackError."""
    text = call.text("markdown_text")
    chunks = call.json("chunks", list, "invalid_chunks") or []
    if text and chunks:
        raise SlackError("invalid_arguments", "markdown_text and chunks exclude each other")
    for n, chunk in enumerate(chunks):
        _check(chunk, f"/chunks/{n}")
    if text:
        chunks = [{"type": "markdown_text", "text": text}]
    if any(len(c["text"]) > MAX_MARKDOWN for c in chunks if c["type"] == "markdown_text"):
        raise SlackError("msg_too_long")
    return chunks


def _check(chunk: Any, at: str) -> None:
    kind = chunk.get("type") if isinstance(chunk, dict) else None
    if kind not in _NEEDED:
        raise SlackError("invalid_chunks", f"unsupported type: {kind} [json-pointer:{at}/type]")
    for name in _NEEDED[kind]:
        wanted = list if name == "blocks" else str
        if not isinstance(chunk.get(name), wanted):
            raise SlackError(
                "invalid_chunks", f"missing required field: {name} [json-pointer:{at}]"
            )
    if kind == "task_update" and chunk["status"] not in _TASK_STATES:
        raise SlackError("invalid_chunks", f"invalid status [json-pointer:{at}/status]")
    if kind == "blocks":
        check_message_blocks(chunk["blocks"])


def _written(site: Site, shown: dict[str, Any], pieces: list[dict[str, Any]]) -> Message:
    """The message's text and blocks with these pieces added to what is shown."""
    kept: list[dict[str, Any]] = shown["pieces"]
    for piece in pieces:
        last = kept[-1] if kept else None
        if piece["type"] == "markdown_text" and last and last["type"] == "markdown_text":
            last["text"] += piece["text"]
            continue
        known = next((k for k in kept if _is_same(k, piece)), None)
        if known is not None:
            # What a task's later updates tell is added to what the earlier ones told.
            longer = {
                name: known.get(name, "") + piece[name]
                for name in ("details", "output")
                if isinstance(piece.get(name), str)
            }
            known.update({**piece, **longer})
        else:
            kept.append(dict(piece))
    text = "\n".join(p["text"] for p in kept if p["type"] == "markdown_text")
    blocks = complete_blocks(_blocks(shown["mode"], kept), site.ids)
    return {"text": text, **({"blocks": blocks} if blocks else {})}


def _is_same(known: dict[str, Any], piece: dict[str, Any]) -> bool:
    if known["type"] != piece["type"]:
        return False
    if piece["type"] == "task_update":
        return bool(known["id"] == piece["id"])
    return bool(piece["type"] == "plan_update")


def _blocks(mode: str, kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    title = next((p["title"] for p in kept if p["type"] == "plan_update"), None)
    tasks = [_task(p) for p in kept if p["type"] == "task_update"]
    plan = {"type": "plan", "title": title or "Thinking", "tasks": tasks}
    blocks: list[dict[str, Any]] = []
    for piece in kept:
        if piece["type"] == "markdown_text":
            blocks.append({"type": "markdown", "text": piece["text"]})
        elif piece["type"] == "blocks":
            blocks += piece["blocks"]
        elif mode == "plan":
            if plan not in blocks:
                blocks.append(plan)
        elif piece["type"] == "task_update":
            blocks.append(_task(piece))
    return blocks


def _task(piece: dict[str, Any]) -> dict[str, Any]:
    task = {"type": "task_card", "task_id": piece["id"]}
    task |= {k: piece[k] for k in ("title", "status", "sources") if k in piece}
    for name in ("details", "output"):
        if piece.get(name):
            section = {"type": "rich_text_section", "elements": [
                {"type": "text", "text": piece[name]}]}  # fmt: skip
            task[name] = {"type": "rich_text", "elements": [section]}
    return task


def _write(call: Call, channel: Channel, message: Message, changes: Message) -> None:
    # Slack marks a streamed message neither as edited, nor tells apps of every piece of it.
    message.update(changes)
    call.site.workspace.save_message(channel, message)
    posting.show_changed(call.site, channel, message)
