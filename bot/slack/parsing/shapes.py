"""What the desk reads of Slack's payloads, as typed models: anything else is refused by name."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from bot.desk.errors import FrontlineError
from bot.slack.limits import LONGEST_TEXT, MOST_FIELDS

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

Payload = dict[str, Any]

WRITTEN_BY_PEOPLE = frozenset({None, "file_share", "thread_broadcast", "me_message"})
"""The subtypes under which a person's own words arrive."""
READ_SUBTYPES = WRITTEN_BY_PEOPLE | {"message_changed", "message_deleted"}
APP_POST = "bot_message"
"""What an app or a workflow posted, without a user of its own."""


class UnreadablePayloadError(FrontlineError):
    """Slack sent something in a form that this version does not know."""


def _words(given: object) -> str:
    """Take what people write: halves of characters are dropped, what is endless is cut."""
    if not isinstance(given, str):
        raise ValueError("it should be text")  # noqa: TRY004 - pydantic collects ValueErrors alone
    return given[:LONGEST_TEXT].encode("utf-8", "ignore").decode()


def _first(given: object) -> object:
    """Take as many of a list, or of a modal's fields, as are read; the person is told."""
    if isinstance(given, list):
        return given[:MOST_FIELDS]
    return dict(islice(given.items(), MOST_FIELDS)) if isinstance(given, dict) else given


First = BeforeValidator(_first)
Words = Annotated[str, BeforeValidator(_words)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Stamp = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}(\.[0-9]{1,20})?$")]
Name = Annotated[str, StringConstraints(pattern=r"^[!-~]([ -~]{0,253}[!-~])?$")]
"""Printable ASCII: a type, an action's or a trigger's id."""

Loose = Any
"""What has many forms, and is read with suspicion where its words are read."""

MaybeId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,64}$")] | None
MaybeStamp = Annotated[str, StringConstraints(pattern=r"^([0-9]{1,20}(\.[0-9]{1,20})?)?$")] | None
MaybeName = Annotated[str, StringConstraints(pattern=r"^[ -~]{0,255}$")] | None
"""Where Slack leaves a thing out, it says nothing, null, or an empty text."""


class Shape(BaseModel):
    """A part of a payload; numbers are no text, and what is not read is not looked at.

    What somebody wrote stands in no error, for errors are logged.
    """

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, hide_input_in_errors=True)


class Named(Shape):
    """A team, channel or person that an interaction names."""

    id: Id


class File(Shape):
    """A file that was shared."""

    name: Words | None = None
    permalink: Words | None = None
    title: Loose = None
    mode: Loose = None
    file_access: Loose = None


class Attachment(Shape):
    """A message that was forwarded, as it is quoted, or what an app or an address shows."""

    text: Words | None = None
    fallback: Words | None = None
    pretext: Loose = None
    title: Loose = None
    fields: Loose = None
    blocks: Loose = None
    message_blocks: Loose = None
    attachments: Loose = None
    files: Loose = None
    is_share: Loose = None
    is_msg_unfurl: Loose = None
    from_url: Loose = None
    original_url: Loose = None


class Message(Shape):
    """A message, as an event or a shortcut carries it."""

    subtype: MaybeName = None
    user: MaybeId = None
    bot_id: MaybeId = None
    text: Words | None = None
    ts: MaybeStamp = None
    thread_ts: MaybeStamp = None
    files: Annotated[list[File] | None, First] = None
    attachments: Annotated[list[Attachment] | None, First] = None
    blocks: Loose = None
    edited: Loose = None


class EditMark(Shape):
    """When a message was edited last."""

    ts: MaybeStamp = None


class Event(Message):
    """What happened, inside an event's envelope."""

    type: Name
    edited: EditMark | None = None
    channel: MaybeId = None
    channel_type: MaybeName = None
    team: MaybeId = None
    deleted_ts: MaybeStamp = None
    tab: MaybeName = None
    message: Message | None = None
    previous_message: Message | None = None


class EventCallback(Shape):
    """An event's envelope."""

    type: Name
    team_id: MaybeId = None
    frontline_late: bool = False
    """It was not delivered, but read from Slack's history afterwards."""
    event_id: Name
    event: Event


class Option(Shape):
    """What was chosen from a menu."""

    value: Words | None = None


class Action(Shape):
    """What was pressed."""

    action_id: Name
    value: Words | None = None
    selected_option: Option | None = None


class Container(Shape):
    """What the pressed thing stands in."""

    type: MaybeName = None
    channel_id: MaybeId = None
    message_ts: MaybeStamp = None
    thread_ts: MaybeStamp = None


class Interaction(Shape):
    """Somebody did something, somewhere."""

    type: Name
    user: Named
    team: Named | None = None
    channel: Named | None = None
    trigger_id: MaybeName = None


class Surface(Shape):
    """What a button stands on that is no message."""

    type: MaybeName = None


class Press(Interaction):
    """A button or a menu."""

    container: Container | None = None
    view: Surface | None = None
    message: Message | None = None
    actions: Annotated[list[Action], First] = Field(min_length=1)


class Entry(Shape):
    """What was entered into a field of a modal."""

    value: Words | None = None
    selected_option: Option | None = None
    selected_options: Annotated[list[Option] | None, First] = None
    selected_user: MaybeId = None
    selected_date_time: Annotated[int, Field(ge=0, lt=2**40)] | None = None


class State(Shape):
    """What was entered into a modal."""

    values: Annotated[dict[str, Annotated[dict[str, Entry], First]] | None, First] = None


class View(Shape):
    """A modal."""

    id: Id
    hash: MaybeName = None
    callback_id: MaybeName = None
    private_metadata: Words = ""
    state: State | None = None


class Submission(Interaction):
    """A modal that was sent."""

    view: View


class MessageAction(Interaction):
    """A shortcut on a message."""

    callback_id: Name
    message: Message


class Slash(Shape):
    """A slash command; it alone has no type."""

    command: Name
    team_id: Id
    channel_id: Id
    user_id: Id
    text: Words | None = None
    trigger_id: MaybeName = None


INTERACTIONS: dict[str, type[Interaction]] = {
    "block_actions": Press,
    "view_submission": Submission,
    "message_action": MessageAction,
}


def checked(payload: Payload, bots: AbstractSet[str] = frozenset()) -> Payload | None:
    """Give what the desk reads of a payload; None where it is none of the desk's business.

    Posts of apps are looked at where these are among `bots`.

    Raises:
        UnreadablePayloadError: the payload is not what its own type promises.
    """
    try:
        shape = _shape_of(payload, bots)
        return shape.model_validate(payload).model_dump(exclude_unset=True) if shape else None
    except (ValueError, RecursionError) as failure:
        raise UnreadablePayloadError(
            f"A payload of type {str(payload.get('type'))[:40]!r} could not be read "
            f"({_first_of(failure)}); it is kept in the inbox."
        ) from failure


def _shape_of(payload: Payload, bots: AbstractSet[str]) -> type[Shape] | None:
    kind = payload.get("type")
    if kind is None:
        return Slash if "command" in payload else None
    if not isinstance(kind, str) or (kind == "message_action" and "callback_id" not in payload):
        return None
    if kind != "event_callback":
        return INTERACTIONS.get(kind)
    event = payload.get("event")
    # Of an event that is read by nobody, only this much is looked at.
    if isinstance(event, dict):
        what, subtype = event.get("type"), event.get("subtype")
        if isinstance(what, str) and what not in {"message", "app_mention", "app_home_opened"}:
            return None
        by_app = subtype == APP_POST and str(event.get("bot_id")) in bots
        if isinstance(subtype, str) and subtype not in READ_SUBTYPES and not by_app:
            return None
    return EventCallback


def _first_of(failure: Exception) -> str:
    errors = getattr(failure, "errors", None)
    if errors is None:
        return str(failure)[:200] or type(failure).__name__
    first = errors(include_input=False, include_url=False, include_context=False)[0]
    return f"{'.'.join(str(step) for step in first['loc'])[:100]}: {first['msg'][:200]}"
