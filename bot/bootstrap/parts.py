"""The parts that a running bot is put together from."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from bot.beyond.building import build_rewriter
from bot.beyond.links import look_at
from bot.bootstrap.apart import bring_in_apart, learn_apart
from bot.bootstrap.beside import serving
from bot.bootstrap.lessons import put_back
from bot.desk.errors import ConfigurationError, FrontlineError
from bot.desk.ids import UserId
from bot.language import language_of, likely_in, surely_in
from bot.service.context import Desk, Product
from bot.service.learning.gathering import sight_of
from bot.service.messages.channels import hear_of_channel
from bot.service.privacy.showing import show_masked
from bot.service.readers.audience import reader_alone
from bot.service.views.looking import EngineersLooks
from bot.slack.canary import Canary
from bot.slack.lines import Entrance
from bot.slack.listeners import Listeners
from bot.slack.manifest import missing_scopes
from bot.slack.people.directory import Home, SlackDirectory
from bot.slack.reception import SlackReception
from bot.store.figures.keeping import keep_blocks
from bot.store.keeping.retention import Retention
from bot.store.privacy.shares import Share
from bot.store.unit_of_work import Store
from bot.worker import (
    AlarmTeller,
    BeyondRelay,
    CatchUp,
    Clocks,
    LearningKeeper,
    Night,
    PeopleKeeper,
    ReportKeeper,
    RetentionKeeper,
    SourceKeeper,
)
from bot.worker.attending.vigil import Vigil

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from slack_sdk import WebClient
    from slack_sdk.web import SlackResponse

    from bot.bootstrap.beside import Serving
    from bot.desk.ids import ChannelId, TeamId
    from bot.desk.ports.delivery import AlarmWay, Courier
    from bot.desk.ports.time import Clock
    from bot.rota.book import RotaBook
    from bot.scrubbing.scrubber import RuleScrubber
    from bot.service.deciding.triaging import Triager
    from bot.service.messages.channels import ChannelNews
    from bot.settings.settings import Settings
    from bot.slack.app import CountedClient
    from bot.slack.history import SlackHistory
    from kb.articles import Article
    from kb.publishing import Shelf


log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Waiting:
    """How a start waits for Slack: until it is told to stop, and saying why."""

    stopping: threading.Event = field(default_factory=threading.Event)
    say: Callable[[str], None] = lambda line: log.warning("waiting", says=line)


def build_desk(  # noqa: PLR0913 - what the use cases are given
    settings: Settings,
    store: Store,
    triager: Triager,
    book: RotaBook,
    client: WebClient,
    *,
    scrubber: RuleScrubber,
) -> Desk:
    """Give the use cases all that they look into."""
    return Desk(
        store.unit_of_work,
        triager,
        book,
        settings.groups,
        settings.modes,
        store.clock,
        rotas=book,
        readings=store.readings,
        reception=SlackReception(client),
        admins=settings.admins,
        scrubber=scrubber,
        admission=settings.admission,
        routes=settings.routes,
        assets=settings.assets,
        incidents=settings.incidents,
        language=language_of,
        surely_in=surely_in,
        likely_in=likely_in,
        shelf=build_shelf(settings, triager),
        audit_share=settings.file.learning.audit,
        figures=store.figures,
        product=Product(
            settings.file.learning.product_channel,
            frozenset(UserId(each) for each in settings.file.learning.product_people),
        ),
        reads=store.look,
    )


def build_listeners(
    desk: Desk,
    store: Store,
    directory: SlackDirectory,
    team: TeamId,
    slipped: Callable[[str], None],
) -> Listeners:
    """Give what Bolt calls."""

    def read_article(article: str, user: UserId, at: ChannelId) -> Article | None:
        if not desk.may_ask(user):
            return None
        return desk.triager.article(article, readers=reader_alone(desk, user, at))

    def speaks(user: UserId) -> str:
        with desk.look() as uow:
            return uow.languages.of(user)

    return Listeners(
        store.inbox,
        read_article,
        partial(show_masked, desk),
        people_changed=partial(_hear_of_people, directory),
        looks=EngineersLooks(desk),
        channel_changed=partial(_hear_of_channel, desk, directory),
        language_of=speaks,
        home=team,
        slipped=slipped,
    )


def _hear_of_people(directory: SlackDirectory, person: dict[str, Any] | None) -> None:
    if person is None:
        directory.forget()
    else:
        directory.person_changed(person)


def build_shelf(settings: Settings, triager: Triager) -> Shelf | None:
    """Give the folder that articles are published into; None where none is configured."""
    folder = settings.file.knowledge.publish_to
    if folder is None:
        return None
    from kb.publishing import Shelf

    return Shelf(triager.knowledge, folder)


def _hear_of_channel(desk: Desk, directory: SlackDirectory, news: ChannelNews) -> None:
    hear_of_channel(desk, news, directory.names_of(news.channel))
    directory.forget_channels()


def hold(
    settings: Settings,
    clock: Clock,
    waiting: Waiting,
    holding: Serving | None,
    ways: Sequence[AlarmWay],
) -> Serving:
    """Make this process the one that works on the database, once nobody else does; or one of them.

    Where it loses the file, it says so by the `ways` that need none, and stops.
    """
    if holding is None:
        holding = serving(settings.db, clock)
        holding.lock()
    Store(settings.db, clock).migrate()
    held = holding

    def leave() -> None:
        for way in ways:
            with suppress(FrontlineError):
                way.tell(f"Frontline stopped. {held.why_lost}")
        waiting.stopping.set()

    held.begin(waiting.say, waiting.stopping.wait, lost=leave)
    return held


def vigil_of(
    settings: Settings,
    clocks: Clocks,
    couriers: Mapping[str, Courier],
    ways: Sequence[AlarmWay],
    *,
    waiting: Waiting,
) -> Vigil:
    """Give what is done while the start waits for Slack."""
    store = Store(settings.db, clocks.wall, steady=clocks.steady(), targets=settings.targets)
    return Vigil(
        store,
        BeyondRelay(store, couriers) if couriers else None,
        AlarmTeller(store, ways),
        waiting.stopping.wait,
        waiting.say,
    )


def slow_keepers(
    settings: Settings, desk: Desk, directory: SlackDirectory, leads: Callable[[], bool]
) -> tuple[RetentionKeeper, LearningKeeper, ReportKeeper, PeopleKeeper]:
    """Start what is never urgent."""
    retention = RetentionKeeper(
        Retention(settings.db, desk.clock, settings.keeping), desk.clock, leads
    )
    retention.start()
    wanted = settings.file.learning
    learning = LearningKeeper(
        desk,
        sight_of(desk),
        gaps=wanted.gaps,
        problems=wanted.problems,
        look_at=look_at if wanted.links else None,
        night=_night(settings, desk) if wanted.nightly else None,
        reword=build_rewriter(wanted),
        missed=settings.budget["missed_escalations"] if wanted.lean else None,
        leads=leads,
    )
    if wanted.gaps or wanted.problems or wanted.reword_url or wanted.nightly or wanted.lean:
        learning.start()
    reporting = ReportKeeper(
        desk, weekly=wanted.report, keep=partial(keep_blocks, settings.db), leads=leads
    )
    reporting.start()
    people = PeopleKeeper(directory.learn_people)
    people.start()
    return retention, learning, reporting, people


def _night(settings: Settings, desk: Desk) -> Night:
    return Night(
        desk,
        settings.file.learning.at,
        partial(learn_apart, settings),
        lambda: put_back(settings, desk.triager.knowledge),
    )


def source_keeper(
    settings: Settings, store: Store, triager: Triager, leads: Callable[[], bool]
) -> SourceKeeper:
    """Start what has live sources brought in."""
    keeper = SourceKeeper(
        store.live,
        {name: (each.kind, each.every) for name, each in settings.file.sources.items()},
        partial(bring_in_apart, settings),
        lambda: triager.knowledge.prepare(),  # noqa: PLW0108 - asked for when it is needed
        clock=store.clock,
        steady=store.steady,
        leads=leads,
    )
    keeper.start()
    return keeper


def say_what_is_missing(who: SlackResponse) -> None:
    """Name each right that the app was not given."""
    for scope, use in missing_scopes(who.headers).items():
        log.warning("scope_missing", scope=scope, needed_to=use, says="install the app again")


def signed_in(client: CountedClient, way: str | Entrance | None) -> SlackResponse:
    """Ask Slack who we are; of several desks each has the token of its own workspace.

    Raises:
        ConfigurationError: it is another's.
    """
    who = client.auth_test()
    if isinstance(way, Entrance) and way.home not in (who.get("team_id"), who.get("enterprise_id")):
        raise ConfigurationError(
            f"The token that is kept for {way.home} is of another workspace; install the app there "
            "again."
        )
    if who.get("is_enterprise_install"):
        client.of_organisation()
    return who


def share_of(settings: Settings, itself: frozenset[str]) -> Share:
    """Give how much each may send; Frontline itself as much as it needs."""
    may_send = settings.file.who
    return Share(may_send.share, itself, settings.bots, may_send.bots_share)


def home_of(team: TeamId, who: SlackResponse) -> Home:
    """Give where this installation is at home."""
    return Home(team, who.get("enterprise_id"), str(who.get("url") or ""))


def catch_up_of(  # noqa: PLR0913 - what reads, where to, and how fast
    settings: Settings,
    store: Store,
    history: SlackHistory,
    team: TeamId,
    directory: SlackDirectory,
    *,
    ended: threading.Event,
) -> CatchUp:
    """Give what reads up after a gap."""
    return CatchUp(
        history=history,
        inbox=store.inbox,
        presence=store.presence,
        team=team,
        configured=lambda: [
            found for name in settings.modes if (found := directory.channel_id(name))
        ],
        pause=ended.wait,
        steady=store.steady,
    )


def canary_of(settings: Settings, client: WebClient, directory: SlackDirectory) -> Canary | None:
    """Give what proves that the line delivers; None where no channel is named for it."""
    channel = settings.file.desk.canary_channel
    return Canary(client, channel, directory.channel_id) if channel else None
