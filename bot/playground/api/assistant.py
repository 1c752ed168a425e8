"""assistant.threads.*: what an agent shows besides its messages."""

from __future__ import annotations

from typing import Any

from bot.playground.api.call import Call, Methods
from bot.playground.errors import SlackError
from bot.playground.happening import assistants

methods = Methods()

STATUS_SECONDS = 120.0
MAX_PROMPTS = 4
MAX_LOADING = 10


@methods.add("assistant.threads.setStatus", "assistant:write", "chat:write")
def set_status(call: Call) -> dict[str, Any]:
    """Show that the app is at work; cleared by its answer or after two minutes."""
    channel = call.channel("channel_id")
    thread_ts = call.text("thread_ts")
    if "status" not in call.arguments:
        raise SlackError("invalid_arguments", "missing required field: status")
    _check_loading(call)
    status = call.text("status")
    site = call.site
    key = (channel.id, thread_ts)

    def show(words: str) -> None:
        frame = {"type": "status", "channel": channel.id, "thread_ts": thread_ts, "status": words}
        site.live.tell(channel.members, frame)

    show(status)
    site.statuses[key] = {"status": status}
    if status:
        shown = site.statuses[key]

        def clear() -> None:
            if site.statuses.get(key) is shown:
                del site.statuses[key]
                show("")

        site.clock.call_later(STATUS_SECONDS, clear)
    return {}


@methods.add("assistant.threads.setSuggestedPrompts", "assistant:write")
def set_suggested_prompts(call: Call) -> dict[str, Any]:
    """Offer up to four questions to ask."""
    channel = call.channel("channel_id")
    if call.site.installation.surface == "assistant":
        call.message(channel, "thread_ts", "invalid_thread_ts")
    prompts = call.json("prompts", list, "invalid_arguments")
    if not prompts or len(prompts) > MAX_PROMPTS:
        raise SlackError("invalid_arguments", f"prompts must hold 1 to {MAX_PROMPTS} items")
    if not all(isinstance(p, dict) and p.get("title") and p.get("message") for p in prompts):
        raise SlackError("invalid_arguments", "each prompt needs title and message")
    frame = {
        "type": "prompts",
        "channel": channel.id,
        "thread_ts": call.text("thread_ts"),
        "title": call.text("title"),
        "prompts": prompts,
    }
    call.site.live.tell(channel.members, frame)
    return {}


@methods.add("assistant.threads.setTitle", "assistant:write")
def set_title(call: Call) -> dict[str, Any]:
    """Name a conversation."""
    channel = call.channel("channel_id")
    call.required("thread_ts")
    title = call.required("title")
    root = call.message(channel, "thread_ts", "invalid_thread_ts")
    assistants.name_thread(call.site, channel, root, title)
    frame = {"type": "title", "channel": channel.id, "thread_ts": root["ts"], "title": title}
    call.site.live.tell(channel.members, frame)
    return {}


def _check_loading(call: Call) -> None:
    messages = call.json("loading_messages", list, "invalid_arguments") or []
    if len(messages) > MAX_LOADING or not all(isinstance(one, str) for one in messages):
        raise SlackError("invalid_arguments", f"loading_messages holds up to {MAX_LOADING} texts")
