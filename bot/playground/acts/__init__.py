"""What people do at the page, each as one function over the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.acts import talking, using
from bot.playground.acts.act import Act, Answer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

__all__ = ["ACTS", "Act", "Answer"]

ACTS: dict[str, Callable[[Act], Awaitable[Answer]]] = {
    function.__name__: function
    for function in (
        talking.message,
        talking.assistant,
        talking.assistant_context,
        talking.edit,
        talking.delete,
        talking.react,
        talking.read,
        talking.open_im,
        talking.join,
        talking.leave,
        talking.invite,
        using.press,
        using.submit,
        using.close,
        using.command,
        using.shortcut,
        using.suggest,
        using.home,
    )
}
