"""The one place where things are built and wired."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.beyond.building import (
    alarm_ways,
    build_couriers,
    build_hooks,
    reading_hooks,
    receive_hooks,
)
from bot.desk.admission import Standing
from bot.desk.deciding import Costs, Joint, Limits, Policy
from bot.desk.ids import TeamId, UserId
from bot.language import language_of
from bot.rota.building import build_rotas
from bot.scrubbing.scrubber import RuleScrubber
from bot.service.context import Desk, utc_now
from bot.service.deciding.triaging import Triager
from bot.service.learning.gaps import sight_of
from bot.service.messages.channels import hear_of_channel
from bot.service.privacy.showing import show_masked
from bot.service.readers.audience import reader_alone
from bot.service.views.looking import EngineersLooks
from bot.settings.tokens import tokens
from bot.slack.app import SocketLine, build_app, insist, socket_handler, web_client
from bot.slack.canary import Canary
from bot.slack.directory import Home, SlackDirectory
from bot.slack.gateway import SlackPostman
from bot.slack.history import SlackHistory
from bot.slack.listeners import Listeners
from bot.slack.manifest import missing_scopes
from bot.slack.parsing.commands import parse
from bot.slack.parsing.deliveries import sender_of
from bot.slack.people import People
from bot.slack.reception import SlackReception
from bot.store.database import refuse_strangers
from bot.store.holding import Holding
from bot.store.keeping.retention import Retention
from bot.store.privacy.shares import Share
from bot.store.unit_of_work import Store
from bot.worker import (
    AlarmTeller,
    Attendant,
    BeyondRelay,
    CatchUp,
    Clocks,
    ClockWatch,
    Ear,
    Hearing,
    HomeKeeper,
    InboxWorker,
    LearningKeeper,
    Listening,
    OutboxRelay,
    RetentionKeeper,
    RotaKeeper,
    TimerRunner,
    Worker,
)
from bot.worker.attending.vigil import Vigil

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from slack_bolt.adapter.socket_mode import SocketModeHandler
    from slack_sdk import WebClient
    from slack_sdk.web import SlackResponse

    from bot.beyond.receiving import HookReceiver
    from bot.desk.ids import ChannelId
    from bot.desk.ports.delivery import AlarmWay, Courier
    from bot.desk.ports.time import Clock
    from bot.service.messages.channels import ChannelNews
    from bot.settings.settings import Settings
    from bot.worker.pacing import Pacer
    from kb.articles import Article
    from kb.encoding.encoder import Encoder
    from kb.publishing import Shelf
    from kb.searching.base import KnowledgeBase


log = structlog.get_logger(__name__)


class Model(Protocol):
    """A trained model as its manifest describes it."""

    @property
    def manifest(self) -> Mapping[str, object]:
        """All that is known of it."""

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Those of the classifier alone."""


def build_encoder(settings: Settings) -> Encoder:
    """Load the embedding model; takes a moment."""
    from kb.encoding.loading import load_encoder
    from kb.encoding.once import once

    return once(load_encoder(settings.encoder_model))


def build_knowledge(settings: Settings, encoder: Encoder) -> KnowledgeBase:
    """Open the knowledge base in the desk's database."""
    from kb.searching.base import KnowledgeBase

    refuse_strangers(settings.db)
    return KnowledgeBase.open(settings.db, encoder, approximate_from=settings.approximate_from)


def build_triager(settings: Settings, knowledge: KnowledgeBase, encoder: Encoder) -> Triager:
    """Join knowledge base and classifier under the policy of the trained model."""
    from classifier.serving.current import ServingClassifier

    classifier = ServingClassifier(
        settings.model, encoder, told=lambda line: log.info("classifier", says=line)
    )
    return Triager(
        knowledge, classifier, lambda: build_policy(settings, classifier), encoder, RuleScrubber()
    )


def build_policy(settings: Settings, model: Model) -> Policy:
    """Join what the model's gate was fitted to with what the configuration says."""
    gate = model.manifest.get("gate")
    fitted = gate if isinstance(gate, dict) else {}
    overruled = settings.file.classifier.thresholds.model_dump(exclude_none=True)
    thresholds = {**model.thresholds, **fitted.get("thresholds", {}), **overruled}
    return replace(
        Policy.from_thresholds(thresholds),
        costs=Costs(**settings.costs),
        limits=_limits(settings, model),
        joint=Joint.from_mapping(fitted.get("joint", {})),
    )


def _limits(settings: Settings, model: Model) -> dict[str, Limits]:
    """From which chance a matter is one, as the model was fitted; none where it knows none."""
    matters = model.manifest.get("matters")
    fitted = matters.get("limits", {}) if isinstance(matters, dict) else {}
    overruled = settings.limits
    return {name: Limits(**{**both, **overruled.get(name, {})}) for name, both in fitted.items()}


@dataclass
class Application:
    """The running bot: its worker and its connection to Slack."""

    store: Store
    worker: Worker
    handler: SocketModeHandler
    keeper: RotaKeeper
    retention: RetentionKeeper
    attendant: Attendant
    listening: Listening
    clock_watch: ClockWatch
    holding: Holding
    learning: LearningKeeper
    receiver: HookReceiver | None = None

    def stop(self) -> None:
        """Close the connection first, so that nothing new comes in; then finish."""
        if self.receiver is not None:
            self.receiver.stop()
        self.handler.close()  # type: ignore[no-untyped-call]
        self.attendant.stop()
        self.keeper.stop()
        self.retention.stop()
        self.learning.stop()
        self.worker.stop()
        self.store.release()
        self.holding.end()


@dataclass(frozen=True)
class Waiting:
    """How a start waits for Slack: until it is told to stop, and saying why."""

    stopping: threading.Event = field(default_factory=threading.Event)
    say: Callable[[str], None] = lambda line: log.warning("waiting", says=line)


def start(
    settings: Settings, clocks: Clocks | None = None, waiting: Waiting | None = None
) -> Application:
    """Build everything, connect, and begin to work."""
    tokens(settings)
    holding = Holding(settings.db, utc_now)
    holding.lock()
    Store(settings.db, utc_now).migrate()
    encoder = build_encoder(settings)
    triager = build_triager(settings, build_knowledge(settings, encoder), encoder)
    return start_with(triager, settings, clocks, waiting=waiting, holding=holding)


def build_shelf(settings: Settings, triager: Triager) -> Shelf | None:
    """Give the folder that articles are published into; None where none is configured."""
    from kb.publishing import Shelf

    folder = settings.file.knowledge.publish_to
    return Shelf(triager.knowledge, folder) if folder is not None else None


def _hear_of_channel(desk: Desk, directory: SlackDirectory, news: ChannelNews) -> None:
    hear_of_channel(desk, news, directory.names_of(news.channel))
    directory.forget_channels()


def start_with(  # noqa: PLR0913 - what a test gives in place of the real thing
    triager: Triager,
    settings: Settings,
    clocks: Clocks | None = None,
    *,
    pacer: Pacer | None = None,
    waiting: Waiting | None = None,
    holding: Holding | None = None,
) -> Application:
    """Connect and begin to work with a triager at hand; `pacer` for another pace than Slack's."""
    bot_token, app_token = tokens(settings)
    clocks, waiting = clocks or Clocks(), waiting or Waiting()
    clock, steady = clocks.wall, clocks.steady()
    scrubber = RuleScrubber()
    couriers, hooks = build_couriers(settings, clock), build_hooks(settings)
    ways = alarm_ways(settings, clock, couriers)
    holding = _held(settings, clock, waiting, holding)
    vigil = _vigil(settings, clocks, couriers, ways, waiting=waiting)
    wait, say = vigil.wait, vigil.say
    client = web_client(bot_token, settings.secrets.slack_api_url)
    who = insist("signing in to Slack", client.auth_test, wait, say)
    bot_user = UserId(str(who["user_id"]))
    team = TeamId(str(who.get("team_id") or who.get("enterprise_id") or ""))
    read = partial(parse, bot_user=bot_user, bots=settings.bots, home=team)
    share = _share(settings, frozenset({bot_user, str(who.get("bot_id"))}))
    targets = settings.targets
    store = Store(settings.db, clock, scrubber, steady=steady, share=share, targets=targets)
    store.hold()
    _say_what_is_missing(who)
    directory = SlackDirectory(client, steady, _home(team, who))
    rotas = build_rotas(settings, directory, People(client, steady), store.overrides, clock)
    desk = Desk(
        store.unit_of_work,
        triager,
        rotas.book,
        settings.groups,
        settings.modes,
        clock,
        rotas=rotas.book,
        readings=store.readings,
        reception=SlackReception(client),
        admins=settings.admins,
        scrubber=scrubber,
        admission=settings.admission,
        routes=settings.routes,
        assets=settings.assets,
        incidents=settings.incidents,
        language=language_of,
        shelf=build_shelf(settings, triager),
        audit_share=settings.file.learning.audit,
        reads=store.look,
    )
    ended = threading.Event()
    history = SlackHistory(client, team, ended.wait, settings.bots)
    slack_time = clocks.slack or history.now
    watch = ClockWatch(store, desk, clocks.monotonic, slack_time)
    watch.begin()
    worker = Worker(
        store,
        InboxWorker(store, desk, reading_hooks(read, hooks), sender_of),
        OutboxRelay(
            store,
            SlackPostman(client, directory.channel_id, watch.by_slack),
            pacer,
            lambda user: bool(settings.bots) and directory.standing(user) is Standing.BOT,
        ),
        TimerRunner(store, desk, watch.is_steady),
        HomeKeeper(store, desk),
        AlarmTeller(store, ways),
        hearing=Hearing(store, desk, read),
        beyond=BeyondRelay(store, couriers) if couriers else None,
    )
    every = settings.file.oncall.refresh.total_seconds()
    keeper = RotaKeeper(store, desk, rotas.duty, rotas.calendars, refresh_every_s=every)

    def read_article(article: str, user: UserId, at: ChannelId) -> Article | None:
        if not desk.may_ask(user):
            return None
        return triager.article(article, readers=reader_alone(desk, user, at))

    listeners = Listeners(
        store.inbox,
        read_article,
        partial(show_masked, desk),
        people_changed=directory.forget,
        looks=EngineersLooks(desk),
        channel_changed=partial(_hear_of_channel, desk, directory),
        home=team,
    )
    app = insist("signing in to Slack", lambda: build_app(client, listeners), wait, say)
    insist("reading the channels", directory.learn_channels, wait, say)
    handler = socket_handler(app, app_token, listeners.door)
    ear = Ear(clocks.monotonic)
    line = SocketLine(handler, ear.hear)
    listening = Listening(
        store,
        desk,
        line=line,
        ear=ear,
        catch_up=_catch_up(settings, store, history, team, directory, ended=ended),
        slack_time=slack_time,
        monotonic=clocks.monotonic,
        canary=_canary(settings, client, directory),
    )
    vigil.end()
    worker.start()
    insist("opening a connection", line.reopen, wait, say)
    keeper.start()
    attendant = Attendant((watch.step, listening.step), ended)
    attendant.start()
    retention, learning = _slow_keepers(settings, desk)
    receiver = receive_hooks(settings, hooks, store.inbox, clock)
    return Application(
        store,
        worker,
        handler,
        keeper,
        retention,
        attendant,
        listening,
        watch,
        holding,
        learning,
        receiver,
    )


def _held(settings: Settings, clock: Clock, waiting: Waiting, holding: Holding | None) -> Holding:
    """Make this process the one that works on the database, once nobody else does."""
    if holding is None:
        holding = Holding(settings.db, clock)
        holding.lock()
    Store(settings.db, clock).migrate()
    holding.begin(waiting.say, waiting.stopping.wait, lost=waiting.stopping.set)
    return holding


def _vigil(
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


def _slow_keepers(settings: Settings, desk: Desk) -> tuple[RetentionKeeper, LearningKeeper]:
    """Start what is never urgent."""
    retention = RetentionKeeper(Retention(settings.db, desk.clock, settings.keeping), desk.clock)
    retention.start()
    learning = LearningKeeper(desk, sight_of(desk))
    if settings.file.learning.gaps:
        learning.start()
    return retention, learning


def _say_what_is_missing(who: SlackResponse) -> None:
    for scope, use in missing_scopes(who.headers).items():
        log.warning("scope_missing", scope=scope, needed_to=use, says="install the app again")


def _share(settings: Settings, itself: frozenset[str]) -> Share:
    may_send = settings.file.who
    return Share(may_send.share, itself, settings.bots, may_send.bots_share)


def _home(team: TeamId, who: SlackResponse) -> Home:
    return Home(team, who.get("enterprise_id"), str(who.get("url") or ""))


def _catch_up(  # noqa: PLR0913 - what reads, where to, and how fast
    settings: Settings,
    store: Store,
    history: SlackHistory,
    team: TeamId,
    directory: SlackDirectory,
    *,
    ended: threading.Event,
) -> CatchUp:
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


def _canary(settings: Settings, client: WebClient, directory: SlackDirectory) -> Canary | None:
    channel = settings.file.desk.canary_channel
    return Canary(client, channel, directory.channel_id) if channel else None
