"""Settings: what the file says joined with what the environment says."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.desk.admission import Admission
from bot.desk.beyond import Targets
from bot.desk.deciding import Routes
from bot.desk.errors import FrontlineError
from bot.desk.ids import UserId
from bot.desk.incidents import IncidentPolicy
from bot.desk.oncall import Groups
from bot.desk.privacy import Keeping
from bot.settings.routes import all_routes
from kb.filing import Filing, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.desk.deciding import Asset
    from bot.live.wanted import LiveSource
    from bot.service.context import ChannelMode
    from bot.settings.file import FileSettings


def is_address(given: str) -> bool:
    """Tell whether a database is named by its address on PostgreSQL, not as a file."""
    return given.startswith(("postgresql:", "postgres:"))


class Secrets(BaseSettings):
    """What only the environment may say; masked wherever it is shown."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    frontline_tokens_key: SecretStr | None = None
    """What the tokens of several workspaces are sealed with."""
    slack_api_url: str = "https://slack.com/api/"
    frontline_db: Path | SecretStr | None = None
    """A file, or the address of a database on PostgreSQL, which may hold a password."""

    @field_validator("frontline_db", mode="before")
    @classmethod
    def _hide_address(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        return SecretStr(given) if is_address(given) else Path(given)


class Settings:
    """Everything that is configured, read once at the start."""

    def __init__(self, file: FileSettings, secrets: Secrets, config: Path | None = None) -> None:
        """Join what the file says with what the environment says; `config` is where it stands."""
        self.config = config
        self.file = file
        self.secrets = secrets
        if is_address(str(file.database)):
            raise FrontlineError(
                "An address of PostgreSQL stands under `database`; give it by FRONTLINE_DB or "
                "--db. The file that is named there holds the articles."
            )
        given = secrets.frontline_db or file.database
        self.db = file.database if isinstance(given, SecretStr) else given
        """The database, or where that is on PostgreSQL, the file of its articles."""
        self.server = given if isinstance(given, SecretStr) else None
        self.model = file.classifier.model
        self.encoder_model = file.knowledge.encoder
        self.approximate_from = file.knowledge.approximate_from
        self.root: Path | None = None
        """The folder that the file's paths begin at, where it is not the working folder."""

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
        there = Settings(self.file, secrets, self.config)
        there.server = self.server
        return there

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
    def routes(self) -> Routes:
        """What does not go the usual way, and where it goes instead."""
        return Routes(all_routes(self.file.routes))

    @property
    def targets(self) -> Targets:
        """The systems outside Slack that are told, as the domain knows them."""
        return Targets(tuple(each.target(name) for name, each in self.file.targets.items()))

    @property
    def limits(self) -> dict[str, dict[str, float]]:
        """The chances that overrule the model's, by matter."""
        return {
            each.matter.value: each.model_dump(include={"sure_at", "ask_at"}, exclude_none=True)
            for each in self.file.routes
        }

    @property
    def incidents(self) -> IncidentPolicy:
        """When reports gather, and where their incident is shown."""
        said = self.file.incidents
        within = timedelta(minutes=said.minutes)
        return IncidentPolicy(within=within, reporters=said.reporters, banners=said.banner)

    @property
    def assets(self) -> tuple[Asset, ...]:
        """What the organisation depends on."""
        return tuple(each.asset() for each in self.file.assets)

    @property
    def admins(self) -> frozenset[UserId]:
        """Who looks after the desk itself."""
        return frozenset(UserId(user) for user in self.file.desk.admins)

    @property
    def bots(self) -> frozenset[str]:
        """The apps and workflows whose posts are requests."""
        return frozenset(self.file.who.bots)

    @property
    def folders(self) -> tuple[Path, ...]:
        """The files and folders that articles come from; none where only live sources are named."""
        said = self.file.knowledge
        is_said = "sources" in said.model_fields_set or not self.file.sources
        return said.sources if is_said else ()

    @property
    def filing(self) -> Filing:
        """Where the areas and owners of articles come from."""
        said = self.file.knowledge
        return Filing(
            said.area_from,
            said.owner_from,
            said.areas_by_folder,
            tuple(Rule(**each.model_dump()) for each in said.areas),
        )

    @property
    def live_sources(self) -> tuple[LiveSource, ...]:
        """The places outside that articles are brought from, each with its token of the moment."""
        return tuple(
            each.source(name, self.filing.mark) for name, each in self.file.sources.items()
        )

    @property
    def admission(self) -> Admission:
        """What those may do who are no full members of the workspace."""
        said = self.file.who
        return Admission(said.strangers, said.guests, frozenset(said.public))

    @property
    def keeping(self) -> Keeping:
        """How long people's words are kept."""
        days = self.file.retention
        return Keeping(
            messages=timedelta(days=days.messages),
            conversations=timedelta(days=days.conversations),
            inbox=timedelta(days=days.inbox),
            audit=timedelta(days=days.audit),
        )

    @property
    def backups(self) -> tuple[Path, ...]:
        """Where backups lie."""
        return self.file.retention.backups

    @property
    def modes(self) -> Mapping[str, ChannelMode]:
        """The mode of each configured channel, by its name or id."""
        return {name: channel.mode for name, channel in self.file.channels.items()}
