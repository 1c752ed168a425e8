"""Settings: frontline.toml for what is public, the environment for what is secret."""

from __future__ import annotations

import os
import tomllib
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.desk.errors import ConfigurationError
from bot.desk.ids import UserId
from bot.desk.oncall.groups import Groups
from bot.desk.tiers import Tier
from bot.group_settings import GroupSettings, OnCallSettings
from bot.service.context import ChannelMode

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIG_FILE = "frontline.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChannelSettings(_Strict):
    """What Frontline does in one channel."""

    mode: ChannelMode = ChannelMode.MENTION


class DeskSettings(_Strict):
    """Who looks after the desk itself: told of trouble, shown how it does, may see all tickets."""

    admins: tuple[str, ...] = ()


class KnowledgeSettings(_Strict):
    """Where articles come from."""

    sources: tuple[Path, ...] = (Path("kb/articles"),)
    questions: tuple[Path, ...] = ()
    encoder: str | None = None
    approximate_from: int | None = Field(default=None, ge=1)
    """Titles, questions and passages from which search is approximate; None leaves it to `kb`."""


class CostSettings(_Strict):
    """What the mistakes of triage cost, in units of one needless page."""

    needless_page: float = Field(default=1.0, gt=0)
    missed_escalation: float = Field(default=5.0, gt=0)
    wrong_answer: float = Field(default=1.0, ge=0)
    clarifying_question: float = Field(default=0.2, ge=0)
    wrong_tier: float = Field(default=0.5, ge=0)
    wrong_courtesy: float = Field(default=1.0, ge=0)
    needless_answer: float = Field(default=0.2, ge=0)


class BudgetSettings(_Strict):
    """The errors that are allowed; `frontline classifier gate` sets the thresholds by them."""

    wrong_answers: float = Field(default=0.08, gt=0, lt=1)
    """Of the answers that are given, so many may be wrong."""
    missed_escalations: float = Field(default=0.015, gt=0, lt=1)
    """Of what needs a person, so much may stay below `escalate_at`."""


class ThresholdSettings(_Strict):
    """Thresholds that stand above those of the model's manifest."""

    escalate_at: float | None = Field(default=None, ge=0, le=1)
    answer_at: float | None = Field(default=None, ge=0, le=1)
    candidate_at: float | None = Field(default=None, ge=0, le=1)
    chat_at: float | None = Field(default=None, ge=0, le=1)
    strong_at: float | None = Field(default=None, ge=0, le=1)


class ClassifierSettings(_Strict):
    """Which model decides, what its mistakes cost, and where its thresholds are overruled."""

    model: Path = Path("var/model")
    costs: CostSettings = CostSettings()
    budget: BudgetSettings = BudgetSettings()
    thresholds: ThresholdSettings = ThresholdSettings()


class FileSettings(_Strict):
    """All that frontline.toml may say."""

    database: Path = Path("var/frontline.db")
    channels: dict[str, ChannelSettings] = {}
    groups: dict[str, GroupSettings] = {}
    oncall: OnCallSettings = OnCallSettings()
    desk: DeskSettings = DeskSettings()
    knowledge: KnowledgeSettings = KnowledgeSettings()
    classifier: ClassifierSettings = ClassifierSettings()

    @field_validator("groups")
    @classmethod
    def _no_l1(cls, groups: dict[str, GroupSettings]) -> dict[str, GroupSettings]:
        for group in groups.values():
            if group.tier is Tier.L1:
                raise ValueError("L1 is Frontline itself; a resolver group is L2 or L3")
        return groups


class Secrets(BaseSettings):
    """What only the environment may say; masked wherever it is shown."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    frontline_db: Path | None = None


class Settings:
    """Everything that is configured, read once at the start."""

    def __init__(self, file: FileSettings, secrets: Secrets) -> None:
        """Join what the file says with what the environment says."""
        self.file = file
        self.secrets = secrets
        self.db = secrets.frontline_db or file.database
        self.model = file.classifier.model
        self.encoder_model = file.knowledge.encoder
        self.approximate_from = file.knowledge.approximate_from

    def __repr__(self) -> str:
        """Show the settings with secrets masked."""
        return f"Settings(db={str(self.db)!r}, model={str(self.model)!r}, secrets={self.secrets!r})"

    def in_workspace(self, announced: Mapping[str, str]) -> Settings:
        """Give the same settings for another workspace, by the addresses and tokens it gave."""
        secrets = Secrets(
            slack_bot_token=SecretStr(announced["SLACK_BOT_TOKEN"]),
            slack_app_token=SecretStr(announced["SLACK_APP_TOKEN"]),
            slack_api_url=announced["SLACK_API_URL"],
            frontline_db=self.db,
        )
        return Settings(self.file, secrets)

    @property
    def costs(self) -> dict[str, float]:
        """What the mistakes of triage cost, by name."""
        return dict(self.file.classifier.costs.model_dump())

    @property
    def budget(self) -> dict[str, float]:
        """The errors that are allowed, by name."""
        return dict(self.file.classifier.budget.model_dump())

    @property
    def groups(self) -> Groups:
        """The resolver groups as the domain knows them."""
        return Groups(tuple(group.group(name) for name, group in self.file.groups.items()))

    @property
    def admins(self) -> frozenset[UserId]:
        """Who looks after the desk itself."""
        return frozenset(UserId(user) for user in self.file.desk.admins)

    @property
    def modes(self) -> Mapping[str, ChannelMode]:
        """The mode of each configured channel, by its name or id."""
        return {name: channel.mode for name, channel in self.file.channels.items()}


def load_settings(path: Path | None = None) -> Settings:
    """Read the configuration; without a path, `frontline.toml` here if there is one.

    Raises:
        ConfigurationError: the file cannot be read; the message names file and line.
    """
    named = path or (
        Path(os.environ["FRONTLINE_CONFIG"]) if "FRONTLINE_CONFIG" in os.environ else None
    )
    chosen = named or Path(CONFIG_FILE)
    if named is None and not chosen.exists():
        return Settings(FileSettings(), Secrets())
    try:
        text = chosen.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except OSError as failure:
        raise ConfigurationError(f"{chosen} cannot be read: {failure.strerror}.") from failure
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise ConfigurationError(f"{chosen} is not valid TOML: {failure}.") from failure
    try:
        return Settings(FileSettings.model_validate(content), Secrets())
    except ValidationError as failure:
        raise ConfigurationError(_explain(chosen, text, failure)) from failure


def _explain(path: Path, text: str, failure: ValidationError) -> str:
    first = failure.errors()[0]
    keys = [str(part) for part in first["loc"] if not isinstance(part, int)]
    reason = first["msg"].removeprefix("Value error, ")
    where = ".".join(keys) or "the file"
    return f"{path}:{_line_of(text, keys)}: {where}: {reason}."


def _line_of(text: str, keys: list[str]) -> int:
    """Find the line on which a key of the file stands; its nearest parent's otherwise."""
    found, best, section = 1, 0, list[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        head = line.split("#", 1)[0].strip()
        if head.startswith("["):
            section = path = _names(head)
        elif "=" in head:
            path = [*section, *_names(head)]
        else:
            continue
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(path, keys, strict=False))
        shared = len(list(alike))
        if shared > best:
            found, best = number, shared
    return found


def _names(head: str) -> list[str]:
    if head.startswith("["):
        return [part.strip().strip('"') for part in head.strip("[]").split(".")]
    return [part.strip().strip('"') for part in head.split("=", 1)[0].split(".")]
