"""The app that several workspaces install, as Slack knows it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class AppCredentials:
    """The app, as Slack knows it; `api_url` is where the Web API is."""

    client_id: str
    client_secret: str = field(repr=False)
    api_url: str
