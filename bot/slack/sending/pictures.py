"""Pictures to Slack: drawn apart, uploaded in one message, found again by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot.desk.errors import FrontlineError
from bot.desk.ids import ChannelId, NoticeId, Ts
from bot.desk.ports.delivery import Receipt
from bot.drawing.pictures import DrawingError, drawn
from bot.slack.errors import code_of, translated

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.desk.figures import ReportPictures

LACKING = (
    "the app lacks the scope files:write; install it again with the scopes that "
    "`frontline manifest` prints"
)


class NoPicturesError(FrontlineError):
    """Pictures cannot be drawn or sent here; one line says why, and what to do."""


def send_pictures(
    client: WebClient, channel: ChannelId, notice: ReportPictures, key: NoticeId
) -> Receipt:
    """Draw and upload pictures as one message.

    Raises:
        NoPicturesError: the library or the scope is missing.
    """
    try:
        files = drawn(notice.pictures)
    except DrawingError as failure:
        raise NoPicturesError(str(failure)) from failure
    uploads: list[dict[str, Any]] = [
        {
            "file": content,
            "filename": f"{_begins(key)}{number}.png",
            "title": picture.title,
            "alt_txt": picture.alt[:1000],
        }
        for number, (picture, content) in enumerate(
            zip(notice.pictures, files, strict=True), start=1
        )
    ]
    with translated(f"sending pictures to {channel}"):
        try:
            answer = client.files_upload_v2(channel=channel, file_uploads=uploads)
        except SlackApiError as failure:
            if code_of(failure) == "missing_scope":
                raise NoPicturesError(LACKING) from failure
            raise
    # The message comes to stand later; a file tells of it by its own id.
    return Receipt(channel, Ts(str(answer["files"][0]["id"])))


def has_pictures_of(message: dict[str, Any], key: NoticeId) -> bool:
    """Tell whether a message is the one with a notice's pictures."""
    names = (str(file.get("name")) for file in message.get("files") or [])
    return any(name.startswith(_begins(key)) for name in names)


def _begins(key: NoticeId) -> str:
    return f"frontline-{key}-"
