"""Stand-ins for the world: a clock that is turned, people, articles, and a postman."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.desk.admission import Standing
from bot.desk.asking import Tone, Understood
from bot.desk.deciding import Action, Triage
from bot.desk.ids import ChannelId, NoticeId, Ts, UserId
from bot.desk.oncall import OnCall
from bot.desk.ports.delivery import Receipt
from kb.articles import Article
from tests import builders as a
from tests.held import nothing_is_held

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bot.desk.articles import ArticleExtract
    from bot.desk.asking import Said, Stage
    from bot.desk.deciding import Candidate, Suspicion, Weight
    from bot.desk.notices import Notice
    from bot.desk.oncall import ResolverGroup
    from bot.desk.ports.delivery import Address


@dataclass
class TurnableClock:
    """A clock that stands still until somebody turns it."""

    now: datetime = a.NOON
    passed: float = 0.0
    """What a monotonic clock beside it shows."""

    def __call__(self) -> datetime:
        """Give the time."""
        return self.now

    def monotonic(self) -> float:
        """Give the seconds that passed, however the clock was set."""
        return self.passed

    def turn(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)
        self.passed += seconds

    def jump(self, seconds: float) -> None:
        """Set the clock without any time passing."""
        self.now += timedelta(seconds=seconds)


@dataclass
class FakeTriager:
    """Decides as it was told; the VPN article is known, and others by request."""

    decision: Triage = field(default_factory=lambda: a.triage(Action.ANSWER))
    decisions: list[Triage] = field(default_factory=list)
    next_up: Candidate | None = None
    known: set[str] = field(default_factory=lambda: {a.VPN, a.MFA})
    owners: dict[str, str] = field(default_factory=dict)
    area: str | None = None
    read: list[str] = field(default_factory=list)
    excluded: list[tuple[str, ...]] = field(default_factory=list)
    understood: Understood = field(default_factory=Understood)
    understood_of: dict[str, Understood] = field(default_factory=dict)
    """What certain texts mean; all others are `understood`."""
    tones: dict[str, Tone] = field(default_factory=dict)
    """How certain texts sound; all others are plain."""
    understood_at: dict[Stage, Understood] = field(default_factory=dict)
    """What anything means in certain stages."""
    said: list[Said] = field(default_factory=list)
    helps: ArticleExtract | None = None
    fails_with: Exception | None = None
    before: Callable[[], None] = nothing_is_held
    only_for: dict[str, str] = field(default_factory=dict)
    """Articles that are kept to a group."""
    suspected: dict[str, Suspicion] = field(default_factory=dict)
    suspected_first: dict[str, Suspicion] = field(default_factory=dict)
    """What is suspected of certain texts only where nothing stands before them."""
    readers: list[frozenset[str] | None] = field(default_factory=list)
    """For whom each article was looked for."""

    def nearest(self, text: str, *, readers: frozenset[str] | None) -> tuple[Article, ...]:
        """Find nothing near."""
        self.before()
        return ()

    def mended(self, text: str) -> str:
        """Find no slip."""
        return text

    def audiences(self) -> frozenset[str]:
        """Give every group that an article is kept to."""
        return frozenset(self.only_for.values())

    def kept(self, articles: Collection[str]) -> frozenset[str]:
        """Tell which of these are kept to groups."""
        return frozenset(articles) & frozenset(self.only_for)

    def _sees(self, article: str, readers: frozenset[str] | None) -> bool:
        group = self.only_for.get(article)
        return group is None or readers is None or group in readers

    def triage(
        self,
        text: str,
        *,
        readers: frozenset[str] | None,
        exclude: Collection[str] = (),
        first: bool = False,
    ) -> Triage:
        """Give the next decision of the list, else the standing one."""
        self.before()
        self.readers.append(readers)
        if self.fails_with is not None:
            raise self.fails_with
        self.read.append(text)
        self.excluded.append(tuple(exclude))
        decided = self.decisions.pop(0) if self.decisions else self.decision
        at_first = self.suspected_first.get(text) if first else None
        return replace(decided, suspicion=at_first) if at_first else decided

    def next_article(
        self, text: str, *, readers: frozenset[str] | None, exclude: Collection[str]
    ) -> Candidate | None:
        """Give the article that is up next, unless it was tried or is not for them."""
        self.before()
        self.readers.append(readers)
        self.excluded.append(tuple(exclude))
        up = self.next_up
        if up is None or up.article in exclude or not self._sees(up.article, readers):
            return None
        return up

    def extract(
        self,
        article: str,
        match: Candidate | None = None,
        *,
        readers: frozenset[str] | None,
        asked: str = "",
    ) -> ArticleExtract | None:
        """Give an extract of a known article."""
        self.before()
        self.readers.append(readers)
        if article not in self.known or not self._sees(article, readers):
            return None
        return a.extract(article, kept=article in self.only_for)

    def article(self, article: str, *, readers: frozenset[str] | None) -> Article | None:
        """Give a known article of two steps."""
        self.before()
        self.readers.append(readers)
        if article not in self.known or not self._sees(article, readers):
            return None
        owner = self.owners.get(article, "")
        return Article(article, f"All about {article}", "", owner, (), "1. Open it.\n2. Press it.")

    def understand(self, said: Said) -> Understood:
        """Understand what was set; by default nothing is learned of follow-ups."""
        self.before()
        self.said.append(said)
        there = self.understood_at.get(said.stage, self.understood)
        return self.understood_of.get(said.text, there)

    def asked_back(self, triage: Triage) -> Triage:
        """Ask back."""
        return replace(triage, action=Action.CLARIFY, unknown=True)

    def passage(
        self, article: str, words: str, *, readers: frozenset[str] | None
    ) -> ArticleExtract | None:
        """Give the passage that was set."""
        self.before()
        return self.helps

    def triage_batch(
        self, texts: Sequence[str], *, readers: frozenset[str] | None, exclude: Collection[str] = ()
    ) -> list[Triage]:
        """Decide on each."""
        return [self.triage(text, readers=readers, exclude=exclude) for text in texts]

    def likeness(self, text: str, others: Sequence[str]) -> list[float]:
        """Find nothing alike but the same words."""
        self.before()
        return [float(text == other) for other in others]

    def says_thanks(self, text: str) -> bool:
        """Know English thanks."""
        return "thank" in text.casefold()

    def tone(self, text: str) -> Tone:
        """Hear what was set; by default nothing."""
        self.before()
        return self.tones.get(text, Tone.PLAIN)

    def suspicion(self, text: str, *, first: bool = False) -> Suspicion | None:
        """Suspect what was set."""
        self.before()
        at_first = self.suspected_first.get(text) if first else None
        return at_first or self.suspected.get(text)

    def weight(self, text: str) -> Weight | None:
        """Leave the priority to the words."""
        self.before()
        return None

    def area_of(self, triage: Triage) -> str | None:
        """Give the area that was set."""
        self.before()
        return self.area


@dataclass
class FakeDirectory:
    """Tom and Mei are L2, Jonas is L3; nobody else may act."""

    l2: tuple[UserId, ...] = (a.TOM, a.MEI)
    l3: tuple[UserId, ...] = (a.JONAS,)
    members: dict[str, tuple[UserId, ...]] = field(default_factory=dict)
    """Who is in which user group."""
    standings: dict[UserId, Standing] = field(default_factory=dict)
    """Who is no full member."""
    unknown: set[UserId] = field(default_factory=set)
    """Whom Slack has to be asked about."""
    channels: dict[str, ChannelId] = field(default_factory=lambda: {"it-help": a.IT_HELP})
    private: set[str] = field(default_factory=set)
    locales: dict[UserId, str] = field(default_factory=dict)
    before: Callable[[], None] = nothing_is_held

    def on_call(self, group: ResolverGroup) -> OnCall:
        """Tell who is on call."""
        self.before()
        return OnCall(self.l2 if group.tier.rank == 2 else self.l3, f"S{group.tier}")

    def channel_id(self, name: str) -> ChannelId | None:
        """Find a channel by its name."""
        self.before()
        return self.channels.get(name)

    def channel_ids(self, names: Collection[str]) -> Sequence[ChannelId | None]:
        """Find several at once."""
        return [self.channel_id(name) for name in names]

    def is_private(self, name: str) -> bool:
        """Tell whether a channel is private."""
        self.before()
        return name in self.private

    def permalink(self, channel: ChannelId, ts: Ts) -> str | None:
        """Give a link."""
        self.before()
        return f"https://example.slack.com/archives/{channel}/p{ts.replace('.', '')}"

    def may_act(self, user: UserId, groups: Sequence[ResolverGroup]) -> bool:
        """Tell whether a person belongs to one of these groups."""
        self.before()
        called = {2: self.l2, 3: self.l3}
        return any(user in called[group.tier.rank] for group in groups)

    def standing(self, user: UserId) -> Standing:
        """Tell how somebody stands to the workspace; all are members unless said otherwise."""
        self.before()
        return self.standings.get(user, Standing.MEMBER)

    def known_standing(self, user: UserId) -> Standing | None:
        """Tell it without asking; of some only Slack could tell."""
        return None if user in self.unknown else self.standings.get(user, Standing.MEMBER)

    def locale(self, user: UserId) -> str:
        """Give the language that somebody's Slack is set to."""
        self.before()
        return self.locales.get(user, "")

    def groups_of(self, user: UserId, among: frozenset[str]) -> frozenset[str]:
        """Tell which of these user groups somebody is in."""
        self.before()
        return frozenset(group for group in among if user in self.members.get(group, ()))


@dataclass
class FakePostman:
    """Fails as the script says, else delivers; what it delivered can be found."""

    script: list[Exception | None] = field(default_factory=list)
    lost_answers: bool = False
    late: dict[NoticeId, datetime] = field(default_factory=dict)
    refuses_us: Exception | None = None
    granted: set[str] = field(default_factory=set)
    delivered: list[tuple[Notice, Address, NoticeId]] = field(default_factory=list)
    looked_for: list[NoticeId] = field(default_factory=list)
    shown: dict[NoticeId, Receipt] = field(default_factory=dict)

    def deliver(
        self, notice: Notice, to: Address, key: NoticeId, late_since: datetime | None = None
    ) -> Receipt:
        """Deliver, unless the script has a failure next."""
        failure = self.script.pop(0) if self.script else self.refuses_us
        if failure is None or self.lost_answers:
            self.delivered.append((notice, to, key))
            if late_since is not None:
                self.late[key] = late_since
            stands = to.edit_ts or Ts(f"1772453000.{key:06d}")
            self.shown[key] = Receipt(ChannelId(to.channel), stands)
        if failure is not None:
            raise failure
        return self.shown[key]

    def find(self, to: Address, key: NoticeId, since: datetime) -> Receipt | None:
        """Look for what was delivered before."""
        self.looked_for.append(key)
        return self.shown.get(key)

    def is_welcome(self, needed: str | None = None) -> bool:
        """Sign in, unless Slack refuses us as it was told to."""
        if self.refuses_us is not None:
            raise self.refuses_us
        return needed is None or needed in self.granted
