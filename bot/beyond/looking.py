"""Is a target there? Looked at without telling it anything."""

from __future__ import annotations

import os
import socket
import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.desk.errors import FrontlineError
from bot.reaching import Reach
from bot.settings.beyond import PLACES

if TYPE_CHECKING:
    from bot.settings.beyond import TargetSettings

WITHIN_S = 5.0
PORTS = {"https": 443, "http": 80}


class NotThereError(FrontlineError):
    """A target cannot be reached."""


def look_at(name: str, target: TargetSettings) -> str:
    """Connect to a target, and give what was found; no byte is sent.

    Raises:
        FrontlineError: it is not there, or inside a network that it may not be in.
    """
    host, port = _place(target)
    if target.kind != "email" and urllib.request.getproxies():
        return f"{host}, by a proxy; `frontline webhooks test {name}` tries it."
    reach = Reach(target.internal, named=f"in [targets.{name}]")
    failure: OSError | None = None
    try:
        for family, kind, protocol, _, place in reach.places(host, port):
            with socket.socket(family, kind, protocol) as made:
                made.settimeout(WITHIN_S)
                try:
                    made.connect(place)
                except OSError as error:
                    failure = error
                else:
                    return f"{host} is there; `frontline webhooks test {name}` tries it."
    except OSError as error:
        failure = error
    raise NotThereError(f"{host} cannot be reached on port {port} ({type(failure).__name__}).")


def _place(target: TargetSettings) -> tuple[str, int]:
    if target.kind == "email":
        return target.host or "", target.port
    given = os.environ.get(target.url_env or "", "") or target.url or PLACES.get(target.kind, "")
    parts = urlsplit(given.strip())
    return parts.hostname or "", parts.port or PORTS.get(parts.scheme, 443)
