"""What frontline.toml may say about a resolver group: hours, holidays, rota, promises."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.desk.ids import UserId
from bot.desk.oncall import Override, ResolverGroup, Rotation, duration_of
from bot.desk.promises import (
    DAYS,
    DEFAULT_TARGETS,
    SUPPORT_DAY,
    Priority,
    SlaPolicy,
    SlaTargets,
    Span,
    SupportHours,
)
from bot.desk.tiers import Tier
from bot.settings.beyond import PageSettings

PERSON = re.compile(r"[UW][A-Z0-9]+")
YEARLY = re.compile(r"(\d{2})-(\d{2})")


class _Strict(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, arbitrary_types_allowed=True
    )


def _zone(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as failure:
        raise ValueError(
            f"{value!r} is no time zone; write it as Europe/Berlin or America/Toronto"
        ) from failure


def _length(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = duration_of(value)
    if not found:
        raise ValueError(f"{value!r} is no length of time; write it as 30m, 4h or 3d")
    return found


def _spans(value: Any) -> Any:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list):
        return value
    return tuple(Span.parse(str(text)) for text in texts)


def _holiday(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = str(value)
    yearly = YEARLY.fullmatch(text)
    try:
        if yearly:
            # 2024 is a leap year: the 29th of February is a day too.
            given = date(2024, int(yearly.group(1)), int(yearly.group(2)))
            return (given.month, given.day)
        return date.fromisoformat(text)
    except ValueError as failure:
        raise ValueError(
            f"{text!r} is no holiday; write 2026-12-28, or 12-25 for every year"
        ) from failure


def _person(value: Any) -> Any:
    if isinstance(value, str) and not PERSON.fullmatch(value):
        raise ValueError(
            f"{value!r} is a name, and people are written by their ids, as U0MEI00001; in Slack: "
            "their profile, ⋮, Copy member ID"
        )
    return value


def _handle(value: Any) -> Any:
    return value.removeprefix("@") if isinstance(value, str) else value


Person = Annotated[str, BeforeValidator(_person)]
Handle = Annotated[str, BeforeValidator(_handle)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Length = Annotated[timedelta, BeforeValidator(_length)]
Spans = Annotated[tuple[Any, ...], BeforeValidator(_spans)]
Holiday = Annotated[Any, BeforeValidator(_holiday)]


class HoursSettings(_Strict):
    """Opening hours; a day of its own comes before `weekdays`, `weekend` and `daily`."""

    daily: Spans | None = None
    weekdays: Spans | None = None
    weekend: Spans | None = None
    mon: Spans | None = None
    tue: Spans | None = None
    wed: Spans | None = None
    thu: Spans | None = None
    fri: Spans | None = None
    sat: Spans | None = None
    sun: Spans | None = None

    def week(self) -> tuple[tuple[Span, ...], ...]:
        """Give the spans of each day from Monday on."""
        return tuple(self._day(place, name) for place, name in enumerate(DAYS))

    def _day(self, place: int, name: str) -> tuple[Span, ...]:
        own: tuple[Span, ...] | None = getattr(self, name)
        shared = self.weekdays if place < DAYS.index("sat") else self.weekend
        return next((each for each in (own, shared, self.daily) if each is not None), ())

    @model_validator(mode="after")
    def _opens(self) -> HoursSettings:
        if not any(self.week()):
            raise ValueError("no day has opening hours; leave the table out for round the clock")
        return self


class OverrideSettings(_Strict):
    """Somebody stands in for a time that is known beforehand; times are on the group's clock."""

    member: Person
    start: datetime
    end: datetime
    replaces: Person | None = None

    def override(self, group: str, zone: ZoneInfo) -> Override:
        """Give it as the domain knows it."""
        return Override(
            group,
            self.start if self.start.tzinfo else self.start.replace(tzinfo=zone),
            self.end if self.end.tzinfo else self.end.replace(tzinfo=zone),
            UserId(self.member),
            UserId(self.replaces) if self.replaces else None,
        )

    @model_validator(mode="after")
    def _ends_after_start(self) -> OverrideSettings:
        if self.end.replace(tzinfo=None) <= self.start.replace(tzinfo=None):
            raise ValueError("an override ends after it begins")
        return self


class RotaSettings(_Strict):
    """Where the rota comes from: members who take turns, or a calendar by file or address."""

    members: tuple[Person, ...] = ()
    every: Literal["day", "week"] | int = "week"
    handover: time = time(9)
    weekday: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = "mon"
    start: date | None = None
    overrides: tuple[OverrideSettings, ...] = ()
    file: Path | None = None
    url: str | None = Field(default=None, repr=False)
    url_env: str | None = None
    internal: tuple[str, ...] = ()
    """Hosts, addresses and networks inside that the calendar may come from."""
    people: dict[str, Person] = {}

    @model_validator(mode="after")
    def _one_source(self) -> RotaSettings:
        given = [each for each in ("members", "file", "url", "url_env") if getattr(self, each)]
        if len(given) != 1:
            raise ValueError("a rota has one of members, file, url or url_env")
        if isinstance(self.every, int) and self.every < 1:
            raise ValueError("a turn lasts at least one day")
        return self

    def rotation(self, zone: ZoneInfo) -> Rotation | None:
        """Give the rotation, if members take turns."""
        if not self.members:
            return None
        members = tuple(UserId(each) for each in self.members)
        if self.every == "week":
            return Rotation.weekly(
                members,
                zone,
                handover=self.handover,
                weekday=DAYS.index(self.weekday),
                start=self.start,
            )
        daily = Rotation.daily(members, zone, handover=self.handover, start=self.start)
        days = 1 if self.every == "day" else self.every
        return Rotation(daily.members, zone, days, self.handover, daily.start)


class SlaSettings(_Strict):
    """What is promised for a priority; what is left out keeps its default."""

    acknowledge: Length | None = None
    first_response: Length | None = None
    resolve: Length | None = None
    calendar: Literal["24x7", "support"] | None = None

    def targets(self, priority: Priority) -> SlaTargets:
        """Give the promises; in support time, a day is a working day of eight hours."""
        usual = DEFAULT_TARGETS[priority]
        always = usual.always if self.calendar is None else self.calendar == "24x7"
        return SlaTargets(
            _in_calendar(self.acknowledge, usual.acknowledge, always=always),
            _in_calendar(self.first_response, usual.first_response, always=always),
            _in_calendar(self.resolve, usual.resolve, always=always),
            always,
        )


def _in_calendar(given: timedelta | None, usual: timedelta, *, always: bool) -> timedelta:
    if given is None:
        return usual
    return given if always else given - timedelta(days=given.days) + given.days * SUPPORT_DAY


class OnCallSettings(_Strict):
    """What holds for all rotas."""

    sync_usergroup: bool = False
    refresh: Length = timedelta(minutes=10)


class GroupSettings(_Strict):
    """One resolver group."""

    tier: Tier
    channel: str = Field(min_length=1)
    usergroup: Handle | None = None
    fallback: tuple[Person, ...] = ()
    areas: tuple[str, ...] = ()
    lead: Person | None = None
    zone: Zone = ZoneInfo("UTC")
    hours: HoursSettings | None = None
    holidays: tuple[Holiday, ...] = ()
    rota: RotaSettings | None = None
    sla: dict[Priority, SlaSettings] = {}
    reserved: bool = False
    """Takes only what a route sends it, and sees nothing else."""
    pages: tuple[PageSettings, ...] = ()

    def group(self, name: str) -> ResolverGroup:
        """Give the group as the domain knows it."""
        return ResolverGroup(
            name=name,
            tier=self.tier,
            channel=self.channel,
            usergroup=self.usergroup,
            fallback=tuple(UserId(user) for user in self.fallback),
            areas=self.areas,
            hours=self._support_hours(),
            sla=SlaPolicy({each: said.targets(each) for each, said in self.sla.items()}),
            lead=UserId(self.lead) if self.lead else None,
            reserved=self.reserved,
            pages=tuple(each.rule() for each in self.pages),
        )

    def _support_hours(self) -> SupportHours:
        always = SupportHours.always()
        return SupportHours(
            zone=self.zone,
            week=self.hours.week() if self.hours else always.week,
            holidays=frozenset(each for each in self.holidays if isinstance(each, date)),
            yearly=frozenset(each for each in self.holidays if isinstance(each, tuple)),
        )
