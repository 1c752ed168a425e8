"""What frontline.toml may say of live sources: where each is, how often, and who may see it."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.live.wanted import LiveSource
from bot.reaching import Reach
from bot.settings.groups import Length

SourceName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
EnvName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
OFTENEST = timedelta(minutes=1)
_OF_KIND = {
    "folder": {"path"},
    "git": {"url", "path", "branch", "within", "user", "token_env", "internal"},
    "sitemap": {"url", "within", "hosts", "internal"},
    "zendesk": {"url", "locale", "user", "token_env", "audiences", "internal"},
    "confluence": {"url", "spaces", "user", "token_env", "audiences", "internal"},
}
_FOR_ALL = {"kind", "every", "link", "visible_to"}


def _group(value: object) -> object:
    return value.strip().removeprefix("@").lower() if isinstance(value, str) else value


Group = Annotated[str, BeforeValidator(_group), Field(min_length=1)]
"""A user group's handle, a channel as #people, or * for everybody."""


class SourceSettings(BaseModel):
    """A place outside that articles are brought from by the clock."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    kind: Literal["folder", "git", "sitemap", "zendesk", "confluence"]
    every: Length = timedelta(hours=1)
    url: str | None = Field(default=None, repr=False)
    path: Path | None = None
    branch: str | None = Field(default=None, pattern=r"^[\w][\w./-]*$")
    within: str | None = None
    spaces: tuple[str, ...] = ()
    locale: str | None = Field(default=None, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    user: str | None = None
    token_env: EnvName | None = None
    hosts: tuple[str, ...] = ()
    link: str | None = None
    visible_to: tuple[Group, ...] = ()
    audiences: dict[str, tuple[Group, ...]] = {}
    internal: tuple[str, ...] = ()
    """Hosts, addresses and networks inside that it may be at."""

    @model_validator(mode="after")
    def _is_whole(self) -> SourceSettings:
        wrong = self.model_fields_set - _OF_KIND[self.kind] - _FOR_ALL
        if wrong:
            raise ValueError(f"{min(wrong)} is nothing that a source of kind {self.kind} has")
        if self.every < OFTENEST:
            raise ValueError("every is at least 1m")
        if self.kind == "folder" and self.path is None:
            raise ValueError("a folder needs path")
        if self.kind == "git" and (self.path is None) == (self.url is None):
            raise ValueError("a git source needs url, or path where the repository is here")
        if self.kind not in {"folder", "git"} and self.url is None:
            raise ValueError(f"a source of kind {self.kind} needs url")
        if self.kind == "confluence" and not self.spaces:
            raise ValueError('a source of kind confluence needs spaces, as ["IT"]')
        if self.url is not None:
            _check_address(self.url, self.kind)
        return self

    def source(self, name: str, filing: str = "") -> LiveSource:
        """Give it as its readers take it, with the token that the environment holds."""
        return LiveSource(
            name,
            self.kind,
            filing=filing,
            every=self.every,
            url=self.url or "",
            path=self.path,
            branch=self.branch or "",
            within=(self.within or "").strip("/") if self.kind == "git" else self.within or "",
            spaces=self.spaces,
            locale=self.locale or "",
            user=self.user or "",
            token=os.environ.get(self.token_env, "") if self.token_env else "",
            token_env=self.token_env or "",
            hosts=tuple(each.lower() for each in self.hosts),
            link=self.link or "",
            visible_to=frozenset(self.visible_to) - {"*"},
            audiences={key: frozenset(groups) for key, groups in self.audiences.items()},
            reach=Reach(self.internal, named=f"in [sources.{name}]"),
        )


def _check_address(url: str, kind: str) -> None:
    parts = urlsplit(url)
    if parts.password or (parts.username and parts.scheme in {"http", "https"}):
        raise ValueError("url holds a name or password; give user, and token_env with its variable")
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    is_ssh = parts.scheme == "ssh" or (not parts.scheme and "@" in url) or url.startswith("git@")
    if not is_web and not (kind == "git" and is_ssh):
        raise ValueError("url begins with https://" + (", ssh:// or git@" * (kind == "git")))
