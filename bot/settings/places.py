"""A place that articles are brought from, as `frontline init` writes it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """A live source as `[sources.NAME]` has it."""

    kind: str
    address: str
    name: str = ""
    within: str = ""
    spaces: tuple[str, ...] = ()
    user: str = ""
    token_env: str = ""
    internal: tuple[str, ...] = ()

    @property
    def is_here(self) -> bool:
        """Whether it is a repository on this machine."""
        return self.kind == "git" and "://" not in self.address and "@" not in self.address

    def table(self) -> str:
        """Write it as a table of the configuration."""
        # Read by processes that stand elsewhere, too.
        address = str(Path(self.address).expanduser().absolute()) if self.is_here else self.address
        said: dict[str, str | tuple[str, ...]] = {
            "kind": self.kind,
            "path" if self.is_here else "url": address,
            "within": self.within if self.kind in {"git", "sitemap"} else "",
            "spaces": self.spaces if self.kind == "confluence" else (),
            "user": self.user if self.kind != "sitemap" else "",
            "token_env": self.token_env if self.kind != "sitemap" else "",
            "internal": () if self.is_here else self.internal,
        }
        lines = [f"{key} = {_toml(value)}" for key, value in said.items() if value]
        return "\n".join([f"[sources.{self.name}]", *lines, 'every = "1h"'])


def _toml(value: str | tuple[str, ...]) -> str:
    return json.dumps(value, ensure_ascii=False)
