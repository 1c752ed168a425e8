"""What frontline.toml may say about routes and assets; what it leaves out has good defaults."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.desk.deciding import Asset, Criticality, Matter, Route
from bot.desk.promises import Priority

EVERY = "every"
"""The texts that all routes share."""

Texts = dict[str, str]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class RouteSettings(_Strict):
    """One route; texts are by language, and those given take the place of all of ours."""

    matter: Matter
    enabled: bool = True
    group: str | None = None
    priority: Priority | None = None
    restricted: bool | None = None
    contact: str = ""
    emergency: str = Field(default="112", min_length=1)
    sure_at: float | None = Field(default=None, ge=0, le=1)
    ask_at: float | None = Field(default=None, ge=0, le=1)
    """Chances that stand above those of the model's manifest."""
    words: Texts = {}
    question: Texts = {}
    passed: Texts = {}
    again: Texts = {}
    own_life: Texts = {}
    turn_to: Texts = {}
    yes: Texts = {}
    no: Texts = {}
    someone: Texts = {}

    def route(self) -> Route:
        """Give the route as the domain knows it."""
        ours = _defaults(self.matter)
        texts = {name: getattr(self, name) or ours[name] for name in TEXTS}
        if self.words and not self.own_life:
            # Words of one's own are whole.
            texts["own_life"] = {}
        return Route(
            matter=self.matter,
            group=self.group,
            priority=self.priority or Priority(ours["priority"]),
            restricted=ours["restricted"] if self.restricted is None else self.restricted,
            contact=self.contact,
            emergency=self.emergency,
            **texts,
        )


TEXTS = ("words", "question", "passed", "again", "own_life", "turn_to", "yes", "no", "someone")


class AssetSettings(_Strict):
    """Something that the organisation depends on, and the words by which people call it."""

    name: str = Field(min_length=1)
    words: tuple[str, ...] = ()
    criticality: Criticality

    def asset(self) -> Asset:
        """Give it as the domain knows it."""
        return Asset(self.name, tuple(filter(None, self.words)), self.criticality)


def all_routes(given: tuple[RouteSettings, ...]) -> tuple[Route, ...]:
    """Give a route for every matter, but for those that are switched off."""
    said = {each.matter: each for each in given}
    every = [said.get(matter, RouteSettings(matter=matter)) for matter in Matter]
    return tuple(each.route() for each in every if each.enabled)


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(files("bot.settings").joinpath("routes.toml").read_text("utf-8"))


def _defaults(matter: Matter) -> dict[str, Any]:
    return {**_file()[EVERY], **_file()[matter.value]}
