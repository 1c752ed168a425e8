"""Starts the bot: signs in, wires all parts, connects, and begins to work."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.beyond.building import alarm_ways, build_couriers, build_hooks, reading_hooks
from bot.beyond.receiving import HookApplication
from bot.bootstrap.beside import article_keeper, clocks_of, pacer_of, serving
from bot.bootstrap.deciding import (
    build_encoder,
    build_knowledge,
    build_triager,
    look_ahead,
)
from bot.bootstrap.lessons import put_back
from bot.bootstrap.measuring import Measuring
from bot.bootstrap.parts import (
    Waiting,
    build_desk,
    build_listeners,
    canary_of,
    catch_up_of,
    hold,
    home_of,
    say_what_is_missing,
    share_of,
    signed_in,
    slow_keepers,
    source_keeper,
    vigil_of,
)
from bot.bootstrap.web import Served
from bot.desk.admission import Standing
from bot.desk.ids import TeamId, UserId
from bot.language import language_of
from bot.rota.building import build_rotas
from bot.scrubbing.scrubber import RuleScrubber
from bot.service.context import utc_now
from bot.settings.tokens import token_and_secret, tokens
from bot.slack.app import CountedClient, build_app, insist, web_client
from bot.slack.gateway import SlackPostman
from bot.slack.history import SlackHistory
from bot.slack.parsing.commands import parse
from bot.slack.parsing.deliveries import sender_of
from bot.slack.people.directory import SlackDirectory
from bot.slack.people.members import People
from bot.store.database import server_of
from bot.store.unit_of_work import Store
from bot.worker import (
    AT_ONCE,
    AlarmTeller,
    ArticleKeeper,
    Attendant,
    BeyondRelay,
    Clocks,
    ClockWatch,
    Ear,
    Hearing,
    HomeKeeper,
    InboxWorker,
    LearningKeeper,
    Listening,
    OutboxRelay,
    PeopleKeeper,
    ReportKeeper,
    RetentionKeeper,
    RotaKeeper,
    Slips,
    SourceKeeper,
    StorageAlarm,
    TimerRunner,
    Turns,
    Worker,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk import WebClient

    from bot.bootstrap.beside import Serving
    from bot.service.deciding.triaging import Triager
    from bot.settings.settings import Settings
    from bot.slack.lines import Entrance, SharedLine, SocketLine, WebLine
    from bot.web import Metrics, WebServer
    from bot.worker.pacing import Pacer
    from kb.encoding.encoder import Encoder


log = structlog.get_logger(__name__)

ANY_QUESTION = "How do I connect to the network?"


@dataclass
class Application:
    """The running bot: its worker and its connection to Slack."""

    store: Store
    worker: Worker
    line: SocketLine | WebLine | SharedLine
    keeper: RotaKeeper
    retention: RetentionKeeper
    attendant: Attendant
    listening: Listening
    clock_watch: ClockWatch
    holding: Serving
    learning: LearningKeeper
    reporting: ReportKeeper
    people: PeopleKeeper
    receivers: tuple[WebServer, ...] = ()
    sources: SourceKeeper | None = None
    triager: Triager | None = None
    client: WebClient | None = None
    articles: ArticleKeeper | None = None

    def look_ahead(self) -> None:
        """Do once all is ready what somebody would wait for later."""
        try:
            if self.triager is not None:
                look_ahead(self.triager)
        except Exception as failure:  # noqa: BLE001 - whoever asks first hears of it
            log.info("not_looked_ahead", why=type(failure).__name__)

    def stop(self) -> None:
        """Close the connection first, so that nothing new comes in; then finish."""
        for receiver in self.receivers:
            receiver.stop()
        self.line.close()
        self.attendant.stop()
        self.keeper.stop()
        self.retention.stop()
        self.learning.stop()
        self.reporting.stop()
        self.people.stop()
        if self.sources is not None:
            self.sources.stop()
        if self.articles is not None:
            self.articles.stop()
        self.worker.stop()
        self.store.release()
        self.holding.end()


def means_of(settings: Settings, http: str | Entrance | None) -> tuple[str, str]:
    """Give the bot's token, and what the line needs: the app's token, or the signing secret."""
    return tokens(settings) if http is None else token_and_secret(settings)


def start(  # noqa: PLR0913 - what several desks share, and what they do not
    settings: Settings,
    clocks: Clocks | None = None,
    *,
    waiting: Waiting | None = None,
    http: str | Entrance | None = None,
    metrics: str | Callable[[Metrics], None] | None = None,
    encoder: Encoder | None = None,
    triager: Triager | None = None,
) -> Application:
    """Build everything, connect, and begin to work.

    `http` is where Slack's requests come to, an address or one's place among several desks;
    `metrics` where figures are read. An `encoder` may be shared by several desks. A `triager` is
    what decided until now, where the configuration says nothing else about it.
    """
    means_of(settings, http)
    holding = serving(settings.db, utc_now)
    holding.lock()
    try:
        Store(settings.db, utc_now).migrate()
        triager = triager or _decider(settings, encoder or build_encoder(settings))
        warming = threading.Thread(target=_warm, args=(triager,), name="warming", daemon=True)
        warming.start()
        return start_with(
            triager, settings, clocks, waiting=waiting, holding=holding, http=http, metrics=metrics
        )
    except BaseException:
        holding.end()
        raise


def _decider(settings: Settings, encoder: Encoder) -> Triager:
    base = build_knowledge(settings, encoder)
    put_back(settings, base)
    return build_triager(settings, base, encoder)


def _warm(triager: Triager) -> None:
    """Take in, while Slack is asked, what the first message would wait for."""
    try:
        triager.triage(ANY_QUESTION, readers=frozenset())
        language_of(ANY_QUESTION)
    except Exception as failure:  # noqa: BLE001 - whoever asks first hears of it
        log.info("not_warm", why=type(failure).__name__)


def lent_by(client: CountedClient) -> Turns:
    """Give the turns of those who handle messages; whoever of them calls Slack lends theirs."""
    turns = Turns(AT_ONCE)
    client.waiting = turns.lent
    return turns


def start_with(  # noqa: PLR0913 - what a test gives in place of the real thing
    triager: Triager,
    settings: Settings,
    clocks: Clocks | None = None,
    *,
    pacer: Pacer | None = None,
    waiting: Waiting | None = None,
    holding: Serving | None = None,
    http: str | Entrance | None = None,
    metrics: str | Callable[[Metrics], None] | None = None,
) -> Application:
    """Connect and begin to work with a triager at hand; `pacer` for another pace than Slack's."""
    bot_token, secret = means_of(settings, http)
    clocks, waiting = clocks or clocks_of(settings), waiting or Waiting()
    scrubber = RuleScrubber()
    couriers, hooks = build_couriers(settings, clocks.wall), build_hooks(settings)
    ways = alarm_ways(settings, clocks.wall, couriers)
    holding = hold(settings, clocks.wall, waiting, holding, ways)
    clock, steady = clocks.wall, clocks.steady()
    vigil = vigil_of(settings, clocks, couriers, ways, waiting=waiting)
    wait, say = vigil.wait, vigil.say
    measuring = Measuring(metrics, lambda: store, triager, clocks.monotonic)
    client = web_client(bot_token, settings.secrets.slack_api_url, measuring.called)
    who = insist("signing in to Slack", lambda: signed_in(client, http), wait, say)
    bot_user = UserId(str(who["user_id"]))
    team = TeamId(str(who.get("team_id") or who.get("enterprise_id") or ""))
    read = partial(parse, bot_user=bot_user, bots=settings.bots, home=team)
    share = share_of(settings, frozenset({bot_user, str(who.get("bot_id"))}))
    targets = settings.targets
    store = Store(
        settings.db, clock, scrubber, steady=steady, share=share, targets=targets,
        holder=holding.number, has_other_readers=holding.has_other_readers,
    )  # fmt: skip
    store.hold()
    say_what_is_missing(who)
    store.presence.at_home(team, str(who.get("url") or ""))
    directory = SlackDirectory(client, steady, home_of(team, who))
    rotas = build_rotas(settings, directory, People(client, steady), store.overrides, clock)
    desk = build_desk(settings, store, triager, rotas.book, client, scrubber=scrubber)
    ended = threading.Event()
    history = SlackHistory(client, team, ended.wait, settings.bots)
    slack_time = clocks.slack or history.now
    watch = ClockWatch(store, desk, clocks.monotonic, slack_time, holding.leads)
    watch.begin()
    worker = Worker(
        store,
        InboxWorker(store, desk, reading_hooks(read, hooks), sender_of, measuring.stages),
        OutboxRelay(
            store,
            SlackPostman(client, directory.channel_id, watch.by_slack),
            pacer or pacer_of(settings),
            lambda user: bool(settings.bots) and desk.standing_to_ask(user) is Standing.BOT,
            measuring.stages,
        ),
        TimerRunner(store, desk, watch.is_steady),
        HomeKeeper(store, desk),
        AlarmTeller(store, ways),
        hearing=Hearing(store, desk, read),
        beyond=BeyondRelay(store, couriers) if couriers else None,
        serving=holding,
        turns=lent_by(client),
    )
    every = settings.file.oncall.refresh.total_seconds()
    keeper = RotaKeeper(
        store, desk, rotas.duty, rotas.calendars, refresh_every_s=every, leads=holding.leads
    )

    slips = Slips(clocks.monotonic)
    listeners = build_listeners(desk, store, directory, team, slips.note)
    app = insist("signing in to Slack", lambda: build_app(client, listeners), wait, say)
    insist("reading the channels", directory.learn_channels, wait, say)
    ear = Ear(clocks.monotonic)
    served = Served(HookApplication(hooks, store.inbox, clock), store, ear, clocks.monotonic, slips)
    line = served.line(settings, http, secret, app, listeners.door)
    listening = Listening(
        store,
        desk,
        line=line,
        ear=ear,
        catch_up=catch_up_of(settings, store, history, team, directory, ended=ended),
        slack_time=slack_time,
        monotonic=clocks.monotonic,
        canary=canary_of(settings, client, directory),
        slips=slips,
        is_beside_others=server_of(settings.db) is not None,
    )
    vigil.end()
    worker.start()
    insist("opening a connection", line.reopen, wait, say)
    keeper.start()
    storage = StorageAlarm(slips, clocks.monotonic, ways)
    attendant = Attendant((watch.step, storage.step, listening.step), ended)
    attendant.start()
    retention, learning, reporting, people = slow_keepers(settings, desk, directory, holding.leads)
    receivers = (
        served.receiver(settings, http),
        measuring.serve(served.silence(settings), served.not_stored_s),
    )
    return Application(
        store,
        worker,
        line,
        keeper,
        retention,
        attendant,
        listening,
        watch,
        holding,
        learning,
        reporting,
        people,
        tuple(each for each in receivers if each is not None),
        source_keeper(settings, store, triager, holding.leads),
        triager,
        client,
        article_keeper(settings, triager.knowledge),
    )
