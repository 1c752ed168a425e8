"""The state of the workspace: who is there, which channels there are, what was said."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from bot.playground.state.timeline import Message, Timeline

if TYPE_CHECKING:
    from bot.playground.state.clock import Clock
    from bot.playground.state.ids import Ids
    from bot.playground.state.journal import Journal
    from bot.playground.state.seed import Seed, TeamSeed


@dataclass
class User:
    """A member of the workspace; the app's bot user is one as well."""

    id: str
    name: str
    real_name: str
    title: str
    tz: str
    avatar_color: str
    role: str
    email: str
    is_bot: bool
    team: str = ""
    is_guest: bool = False
    is_deleted: bool = False
    locale: str = "en-US"
    bot_id: str | None = None
    app_id: str | None = None


@dataclass
class Channel:
    """A channel or a direct-message conversation."""

    id: str
    name: str
    created: int
    creator: str
    members: list[str]
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False
    is_archived: bool = False
    topic: str = ""
    purpose: str = ""
    pins: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Slack's `channel_type`."""
        if self.is_im:
            return "im"
        if self.is_mpim:
            return "mpim"
        return "group" if self.is_private else "channel"

    def other_side(self, user: str) -> str:
        """The person on the other side of a direct-message conversation."""
        return next((member for member in self.members if member != user), user)


@dataclass
class UserGroup:
    """A user group, mentioned as `<!subteam^ID>`."""

    id: str
    handle: str
    name: str
    users: list[str]
    updated: int = 0
    disabled: bool = False
    description: str = ""


class Workspace:
    """Everything that is remembered, in memory and in the journal."""

    def __init__(
        self, seed: Seed, journal: Journal, clock: Clock, ids: Ids, after: str = "0.0"
    ) -> None:
        """Load what the journal remembers, and seed what it does not."""
        self.seed, self.journal, self.clock, self.ids = seed, journal, clock, ids
        self.team: TeamSeed = seed.team
        self.bot = seed.bot
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.timelines: dict[str, Timeline] = {}
        self.usergroups: dict[str, UserGroup] = {}
        self.read_marks: dict[tuple[str, str], str] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self._ims: dict[frozenset[str], str] = {}
        self._last_us = int(after.replace(".", ""))
        self._load()

    # --- time

    @property
    def moment(self) -> int:
        """The microsecond of the latest `ts`; 0 in a new workspace."""
        return self._last_us

    def next_ts(self) -> str:
        """A `ts` later than every earlier one."""
        self._last_us = max(int(self.clock.now() * 1_000_000), self._last_us + 1)
        return f"{self._last_us // 1_000_000:010d}.{self._last_us % 1_000_000:06d}"

    # --- channels and people

    def channel(self, name_or_id: str) -> Channel | None:
        """A channel by id, or by name with or without `#`."""
        found = self.channels.get(name_or_id)
        if found is not None:
            return found
        wanted = name_or_id.removeprefix("#")
        return next((c for c in self.channels.values() if c.name == wanted and not c.is_im), None)

    def user_by_name(self, name: str) -> User | None:
        """A user by handle."""
        return next((user for user in self.users.values() if user.name == name), None)

    def save_channel(self, channel: Channel) -> None:
        """Remember a channel as it is now."""
        self.channels[channel.id] = channel
        self.timelines.setdefault(channel.id, Timeline())
        if channel.is_im:
            self._ims[frozenset(channel.members)] = channel.id
        self.journal.put("channel", channel.id, asdict(channel))

    def im(self, one: str, other: str) -> Channel:
        """The direct-message conversation of two, made if there is none."""
        known = self._ims.get(frozenset((one, other)))
        if known is not None:
            return self.channels[known]
        return self.new_channel("", [one, other], creator=one, is_im=True, is_private=True)

    def new_channel(  # noqa: PLR0913  (what kind it is, by name)
        self,
        name: str,
        members: list[str],
        *,
        creator: str,
        is_private: bool = False,
        is_im: bool = False,
        is_mpim: bool = False,
    ) -> Channel:
        """Make a channel."""
        channel = Channel(
            id=_im_id(members) if is_im else self.ids.slack("C"),
            name=name,
            created=int(self.clock.now()),
            creator=creator,
            members=list(dict.fromkeys(members)),
            is_private=is_private,
            is_im=is_im,
            is_mpim=is_mpim,
        )
        self.save_channel(channel)
        return channel

    def visible_to(self, user: str) -> list[Channel]:
        """The channels that a person has in the side bar."""
        return [c for c in self.channels.values() if user in c.members and not c.is_archived]

    def is_ext_shared(self, channel: Channel) -> bool:
        """Whether somebody of another organisation's workspace is in a channel (Slack Connect)."""
        return any(self.users[member].team for member in channel.members if member in self.users)

    def save_group(self, group: UserGroup) -> None:
        """Remember a user group as it is now."""
        self.usergroups[group.id] = group
        self.journal.put("usergroup", group.id, asdict(group))

    # --- messages

    def add_message(self, channel: Channel, message: Message) -> None:
        """Append a message to its channel."""
        timeline = self.timelines[channel.id]
        timeline.add(message)
        self.save_message(channel, message)
        parent = timeline.parent_of(message)
        if parent is not None:
            self.save_message(channel, parent)

    def remove_message(self, channel: Channel, ts: str) -> Message | None:
        """Take a message out of its channel."""
        timeline = self.timelines[channel.id]
        message = timeline.remove(ts)
        if message is not None:
            self.journal.drop("message", f"{channel.id}:{ts}")
            parent = timeline.parent_of(message)
            if parent is not None:
                self.save_message(channel, parent)
        return message

    def save_message(self, channel: Channel, message: Message) -> None:
        """Remember a message as it is now."""
        self.journal.put("message", f"{channel.id}:{message['ts']}", message)

    def find_message(self, channel: Channel, ts: str) -> Message | None:
        """A message of a channel, top-level or reply."""
        return self.timelines[channel.id].by_ts.get(ts)

    # --- reading

    def mark_read(self, user: str, channel_id: str, ts: str) -> None:
        """Remember how far a person has read."""
        if ts > self.read_marks.get((user, channel_id), ""):
            self.read_marks[user, channel_id] = ts
            self.journal.put("read", f"{user}:{channel_id}", ts)

    def save_home(self, user: str, view: dict[str, Any]) -> None:
        """Remember a person's App Home."""
        self.homes[user] = view
        self.journal.put("home", user, view)

    # --- the start

    def _load(self) -> None:
        self._seed_users()
        for _, body in self.journal.load("channel"):
            self.save_channel(Channel(**body))
        for _, body in self.journal.load("usergroup"):
            self.usergroups[body["id"]] = UserGroup(**body)
        for key, message in self.journal.load("message"):
            channel_id = key.partition(":")[0]
            self._restore(self.timelines[channel_id], message)
        for key, ts in self.journal.load("read"):
            user, _, channel_id = key.partition(":")
            self.read_marks[user, channel_id] = ts
        for user, view in self.journal.load("home"):
            self.homes[user] = view
        self._seed_channels()
        self.journal.flush()

    def _restore(self, timeline: Timeline, message: Message) -> None:
        timeline.place(message)
        ts: str = message["ts"]
        self._last_us = max(self._last_us, int(ts.replace(".", "")))

    def _seed_users(self) -> None:
        bot = self.seed.bot
        for person in self.seed.people:
            self.users[person.id] = User(**asdict(person))
        self.users[bot.user_id] = User(
            id=bot.user_id,
            name=bot.name,
            real_name=bot.real_name,
            title="App",
            tz="Etc/UTC",
            avatar_color=bot.avatar_color,
            role="bot",
            email="",
            is_bot=True,
            bot_id=bot.bot_id,
            app_id=bot.app_id,
        )

    def _seed_channels(self) -> None:
        now = int(self.clock.now())
        first = self.seed.people[0].id if self.seed.people else self.bot.user_id
        for entry in self.seed.channels:
            if entry.id not in self.channels:
                self.save_channel(
                    Channel(
                        id=entry.id,
                        name=entry.name,
                        created=now,
                        creator=first,
                        members=list(entry.members),
                        is_private=entry.is_private,
                        topic=entry.topic,
                        purpose=entry.purpose,
                    )
                )
        for group in self.seed.usergroups:
            if group.id not in self.usergroups:
                self.save_group(
                    UserGroup(group.id, group.handle, group.name, list(group.users), now)
                )
        for person in self.seed.people:
            if not person.is_bot:
                self.im(person.id, self.bot.user_id)


def _im_id(members: list[str]) -> str:
    # The same for the same two in every run, so that a recorded conversation can be replayed.
    digest = hashlib.sha256("+".join(sorted(members)).encode()).hexdigest()
    return "D0" + digest[:9].upper()
