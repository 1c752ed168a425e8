"""All that frontline.toml may say, table by table."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.desk.admission import Rights
from bot.desk.tiers import Tier
from bot.service.context import ChannelMode
from bot.settings.beyond import HookSettings, ReceiverSettings, TargetName, TargetSettings
from bot.settings.groups import GroupSettings, OnCallSettings, Person
from bot.settings.routes import AssetSettings, RouteSettings
from bot.settings.sources import SourceName, SourceSettings

LONGEST_NAME = 75
"""Characters that Slack takes for a thing to choose."""

BotId = Annotated[str, Field(pattern=r"^B[A-Z0-9]{6,}$")]
"""As Slack shows it in what an app posts: `B` and letters and digits."""


HomeName = Annotated[str, Field(pattern=r"^[TE][A-Z0-9]{6,}$")]
"""As Slack's addresses have it: `T` or `E` and letters and digits."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ChannelSettings(_Strict):
    """What Frontline does in one channel."""

    mode: ChannelMode = ChannelMode.MENTION


class DeskSettings(_Strict):
    """Who looks after the desk itself: told of trouble, shown how it does, may see all tickets."""

    admins: tuple[Person, ...] = ()
    alarm_webhook_env: str | None = None
    """The environment variable that holds the address for alarms: the address is a secret."""
    alarms: tuple[str, ...] = ()
    """The targets by which the admin is alarmed when Slack cannot be the way."""
    canary_channel: str | None = None
    """Where one message is edited now and then, whose event proves that Slack is heard."""


class FilingSettings(_Strict):
    """Articles by a pattern of their ids, and the area and owner that they have."""

    articles: str = Field(min_length=1)
    area: str = ""
    owner: str = ""
    collection: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> FilingSettings:
        if not self.area.strip() and not self.owner.strip():
            raise ValueError(f"the articles {self.articles!r} get neither area nor owner; add one")
        return self


class KnowledgeSettings(_Strict):
    """Where articles come from."""

    sources: tuple[Path, ...] = (Path("kb/articles"),)
    questions: tuple[Path, ...] = ()
    publish_to: Path | None = None
    """The folder of Markdown that drafts are published into; without one they are only drafts."""
    area_from: tuple[str, ...] = ()
    """Names of front matter that hold an article's area, beside those that are always read."""
    owner_from: tuple[str, ...] = ()
    """Names of front matter that hold who looks after it."""
    areas_by_folder: bool = True
    """Whether an article without an area has that of its folder."""
    areas: tuple[FilingSettings, ...] = ()
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
    data: tuple[Path, ...] = ()
    """The organisation's own labelled messages, files or folders; none: the sample's alone."""
    costs: CostSettings = CostSettings()
    budget: BudgetSettings = BudgetSettings()
    thresholds: ThresholdSettings = ThresholdSettings()


class WhoSettings(_Strict):
    """What those may do who are no full members of the workspace."""

    strangers: Rights = Rights.ANSWER
    """People of other organisations, in shared channels."""
    public: tuple[str, ...] = ()
    """Collections of articles that may be told to anybody."""
    guests: Rights = Rights.ASK
    """Guests of the workspace, of one channel or several."""
    share: int = Field(default=20, ge=1)
    """So many messages, edits and presses of one person are taken a minute; more of them wait."""
    bots: tuple[BotId, ...] = ()
    """Apps and workflows whose posts are requests like anybody's; the others are passed over."""
    bots_share: int = Field(default=120, ge=1)
    """So many posts of one of those are taken a minute: in an outage they have much to say."""


class RetentionSettings(_Strict):
    """How many days people's words are kept, by kind; figures are kept for good."""

    messages: int = Field(default=400, ge=1)
    conversations: int = Field(default=400, ge=1)
    inbox: int = Field(default=30, ge=1)
    audit: int = Field(default=1_000, ge=1)
    backups: tuple[Path, ...] = ()
    """Where backups lie, besides the database's own folder; `frontline forget` names those."""


class LearningSettings(_Strict):
    """What is done with what settled tickets teach."""

    gaps: bool = True
    """Whether the running bot looks for gaps daily, and tells their owners weekly."""
    audit: float = Field(default=0.03, ge=0, le=1)
    """So many of the automatic answers are looked over by engineers, of one."""
    lean: bool = False
    """Whether the gate leans to articles as far as what came of its decisions says."""
    nightly: bool = False
    """Whether the running bot learns from outcomes at night, as `frontline learn` does."""
    at: time = time(2)
    """When, by the clock of its machine."""
    report: bool = True
    """Whether the admins are told weekly what the desk achieved, with pictures."""
    direct: bool = False
    """Whether what was asked in direct messages is learned from too; it may be quoted."""
    data: tuple[Path, ...] = ()
    """The labels that the model was trained on, and their frozen holdout; without any, the shipped
    ones and those of `[classifier] data`."""
    problems: bool = True
    """Whether it looks daily for causes that recur and for wishes, and tells of them monthly."""
    reword_url: str | None = Field(default=None, pattern=r"^https?://[^\s@]+$")
    """A chat completions endpoint inside one's network that puts drafts better; off without."""
    reword_model: str = "default"
    """What that endpoint calls the model."""
    reword_key_env: str | None = None
    """The environment variable that holds its key, where it wants one."""
    links: bool = False
    """Whether it looks weekly at the public addresses that articles name, and where they lead."""
    product_channel: str | None = None
    """Where those who make the product read the monthly page, besides L3."""
    product_people: tuple[Person, ...] = ()
    """Who links and closes problems, besides L3 and the admins."""


class IncidentSettings(_Strict):
    """When reports gather to an incident, and where its news are shown to all."""

    reporters: int = Field(default=3, ge=2)
    """So many people have to report the same."""
    minutes: int = Field(default=15, ge=1, le=240)
    """Within so many minutes."""
    banner: tuple[str, ...] = ()
    """Channels that show an incident once an engineer has told of it."""


class WorkspacesSettings(_Strict):
    """Several workspaces: each has a folder, with a configuration and a database of its own."""

    folder: Path | None = None
    """Where their folders are; with it, `frontline serve` serves them all."""
    allow: tuple[HomeName, ...] = ()
    """Workspaces (`T…`) and organisations (`E…`) that may install the app; nobody else may."""


class FileSettings(_Strict):
    """All that frontline.toml may say."""

    database: Path = Path("var/frontline.db")
    workspaces: WorkspacesSettings = WorkspacesSettings()
    channels: dict[str, ChannelSettings] = {}
    groups: dict[str, GroupSettings] = {}
    oncall: OnCallSettings = OnCallSettings()
    desk: DeskSettings = DeskSettings()
    who: WhoSettings = WhoSettings()
    incidents: IncidentSettings = IncidentSettings()
    retention: RetentionSettings = RetentionSettings()
    knowledge: KnowledgeSettings = KnowledgeSettings()
    sources: dict[SourceName, SourceSettings] = {}
    learning: LearningSettings = LearningSettings()
    classifier: ClassifierSettings = ClassifierSettings()
    routes: tuple[RouteSettings, ...] = ()
    assets: tuple[AssetSettings, ...] = ()
    targets: dict[TargetName, TargetSettings] = {}
    hooks: dict[TargetName, HookSettings] = {}
    receiver: ReceiverSettings = ReceiverSettings()

    @model_validator(mode="after")
    def _is_one_desk_or_serves_several(self) -> FileSettings:
        if self.workspaces.folder is not None:
            for table in ("channels", "groups", "desk", "routes", "targets", "hooks", "sources"):
                if table in self.model_fields_set:
                    raise ValueError(
                        f"[workspaces] and {table}: that stands in each workspace's own "
                        "frontline.toml"
                    )
        return self

    @model_validator(mode="after")
    def _targets_are_there(self) -> FileSettings:
        named = [("desk.alarms", each) for each in self.desk.alarms]
        named += [(f"hooks.{name}", hook.target) for name, hook in self.hooks.items()]
        for name, group in self.groups.items():
            named += [(f"groups.{name}.pages", each) for page in group.pages for each in page.to]
        for where, target in named:
            if target not in self.targets:
                raise ValueError(f"{where} names the target {target!r}; add [targets.{target}]")
        for name, told in self.targets.items():
            if lost := [each for each in told.groups if each not in self.groups]:
                raise ValueError(
                    f"targets.{name} names the group {lost[0]!r}; add [groups.{lost[0]}]"
                )
        return self

    @model_validator(mode="after")
    def _routes_lead_somewhere(self) -> FileSettings:
        matters = [route.matter for route in self.routes]
        for route in self.routes:
            if matters.count(route.matter) > 1:
                raise ValueError(f"two routes for {route.matter}; one is enough")
            if route.group is not None and route.group not in self.groups:
                raise ValueError(
                    f"the route for {route.matter} names the group {route.group!r}; "
                    f"add [groups.{route.group}]"
                )
        return self

    @field_validator("groups")
    @classmethod
    def _can_be_shown(cls, groups: dict[str, GroupSettings]) -> dict[str, GroupSettings]:
        for name, group in groups.items():
            if not 0 < len(name) <= LONGEST_NAME:
                raise ValueError(
                    f"the name of the group {name[:LONGEST_NAME]!r} has {len(name)} characters; "
                    f"Slack shows 1 to {LONGEST_NAME} of them where one is chosen"
                )
            if group.tier is Tier.L1:
                raise ValueError("L1 is Frontline itself; a resolver group is L2 or L3")
        return groups
