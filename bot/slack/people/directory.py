"""Who is who and who is on call, from Slack's user groups, with the configuration behind them."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import structlog

from bot.desk.admission import Standing
from bot.desk.errors import DeliveryError, RetryableDeliveryError, ShutOutError
from bot.desk.ids import ChannelId, Ts, UserId
from bot.desk.oncall import OnCall, ResolverGroup
from bot.desk.privacy import is_direct
from bot.slack.errors import translated
from bot.slack.people.cached import Cached
from bot.slack.people.standings import GRANT_S, KNOWN_S, Standings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from slack_sdk import WebClient

ID = re.compile(r"[CDGUW][A-Z0-9]{7,}")
FRESH_S = 300.0
MISS_S = 30.0
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Home:
    """The workspace that Frontline is installed in, and its organisation, where it has one."""

    team: str
    enterprise: str | None = None
    address: str = ""
    """Where its pages are, as `auth.test` gives it."""


@lru_cache(16)
def _plain(names: tuple[str, ...]) -> tuple[str | None, ...]:
    """Give channels' names without their #; None for what is an id already."""
    return tuple(None if ID.fullmatch(name) else name.lstrip("#") for name in names)


def standing_of(user: dict[str, Any], home: Home) -> Standing:
    """Read from Slack's own words how somebody stands to a workspace."""
    organisation = (user.get("enterprise_user") or {}).get("enterprise_id")
    team = user.get("team_id")
    same = not home.team or not team or team == home.team
    if user.get("is_stranger") or not (same or (organisation and organisation == home.enterprise)):
        return Standing.STRANGER
    if user.get("deleted"):
        return Standing.GONE
    if user.get("is_bot"):
        return Standing.BOT
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Standing.GUEST
    return Standing.MEMBER


class SlackDirectory:
    """Looks people, groups and channels up, and remembers them for some minutes."""

    def __init__(
        self, client: WebClient, clock: Callable[[], datetime], home: Home | None = None
    ) -> None:
        """Use a Web API client; nothing is asked until it is needed.

        `home` is the workspace by which strangers are told.
        """
        self._client = client
        self._clock = clock
        self._home = home or Home("")
        self._standings = Standings(client, clock, partial(standing_of, home=self._home))
        self._lock = threading.Lock()
        self._groups: Cached[dict[str, str]] = Cached(clock)
        self._members: dict[str, Cached[tuple[UserId, ...]]] = {}
        self._channels: Cached[dict[str, ChannelId]] = Cached(clock)
        self._private: frozenset[ChannelId] = frozenset()
        self._names: dict[ChannelId, frozenset[str]] = {}

    def on_call(self, group: ResolverGroup) -> OnCall:
        """Tell who is on call; the configured fallback serves where Slack gives nobody."""
        if group.usergroup is None:
            return OnCall(group.fallback)
        try:
            group_id = self._group_ids().get(group.usergroup)
            members = self._group_members(group_id) if group_id else ()
        except (DeliveryError, RetryableDeliveryError) as failure:
            log.warning("usergroup_unavailable", group=group.usergroup, error=str(failure))
            known = self._last_known(group.usergroup)
            these = (
                "these were the last known"
                if known
                else "the fallback of the configuration is called"
                if group.fallback
                else "and there is neither a last known nor a fallback"
            )
            note = f"Slack's user groups cannot be read now; {these}."
            return OnCall(known or group.fallback, note=note)
        if group_id and members:
            return OnCall(members, usergroup_id=group_id)
        missing = f"The user group @{group.usergroup} does not exist or is empty."
        return OnCall(group.fallback, note=missing)

    def _last_known(self, handle: str) -> tuple[UserId, ...]:
        group_id = (self._groups.value or {}).get(handle, "")
        cached = self._members.get(group_id)
        return (cached.value or ()) if cached else ()

    def may_act(self, user: UserId, groups: Sequence[ResolverGroup]) -> bool:
        """Tell whether a person belongs to one of these groups.

        By the configuration, or by what Slack said within a minute: what it said earlier may
        serve to call people, and never to grant anything.
        """
        if any(user in group.fallback for group in groups):
            return True
        handles = frozenset(group.usergroup for group in groups if group.usergroup)
        return bool(self.groups_of(user, handles))

    def standing(self, user: UserId) -> Standing:
        """Tell how somebody stands to the workspace; asked again after a minute."""
        return self._standings.of(user)

    def known_standing(self, user: UserId) -> Standing | None:
        """Tell it as it was told within half an hour; asks nobody."""
        return self._standings.known(user)

    def locale(self, user: UserId) -> str:
        """Give the language of somebody's Slack, as it was when Slack told of them last."""
        self._standings.of(user, KNOWN_S)
        return self._standings.locale(user)

    def learn_people(self, wait: Callable[[float], bool]) -> None:
        """Read everybody at once, so that nobody who writes has to be looked up."""
        self._standings.learn(wait)

    def person_changed(self, person: dict[str, Any]) -> None:
        """Take over what Slack tells of somebody; where their rights differ, groups are read anew.

        Most changes are of a picture or a status, some a minute in a large workspace.
        """
        if not person.get("id") or "deleted" not in person:
            # Not all of them: only Slack can tell what they are now.
            self.forget()
        elif self._standings.changed(person):
            self._forget_groups()

    def forget(self) -> None:
        """Ask Slack again about groups and people, who have changed; channels stay known."""
        self._forget_groups()
        self._standings.forget()

    def _forget_groups(self) -> None:
        with self._lock:
            self._groups.age_now()
            for members in self._members.values():
                members.age_now()

    def learn_channels(self) -> None:
        """Read the channels once: while Slack refuses us, these are the last known.

        Without them a configured channel could not be told from any other, and a question in
        it would be nobody's business. Where the app lacks the right to read them it goes on.

        Raises:
            RetryableDeliveryError: Slack does not answer, or refuses us as a whole.
        """
        try:
            self._channels.read(FRESH_S, self._read_channels)
        except ShutOutError as failure:
            if failure.whole:
                raise
            log.warning("channels_unavailable", error=str(failure))
        except DeliveryError as failure:
            log.warning("channels_unavailable", error=str(failure))

    def names_of(self, channel: ChannelId) -> frozenset[str]:
        """Give the names that a channel had since the start, as far as was read; asks nobody."""
        return self._names.get(channel, frozenset())

    def forget_channels(self) -> None:
        """Read the channels anew before they are relied on."""
        self._channels.age_now()

    def groups_of(self, user: UserId, among: frozenset[str]) -> frozenset[str]:
        """Tell which of these user groups somebody is in; what cannot be read, they are not in."""
        found = set()
        for handle in sorted(among):
            try:
                group_id = self._group_ids(granting=True).get(handle)
                members = self._group_members(group_id, granting=True) if group_id else ()
            except (DeliveryError, RetryableDeliveryError) as failure:
                # Closed rather than open: what only the group may see stays hidden.
                log.warning("usergroup_unavailable", group=handle, error=str(failure))
                continue
            if user in members:
                found.add(handle)
        return frozenset(found)

    def keep_members(self, handle: str, members: Sequence[UserId]) -> None:
        """Make these people the members of a user group, unless they are already."""
        group_id = self._group_ids().get(handle)
        if group_id is None:
            raise DeliveryError(f"There is no user group @{handle}; create it in Slack.")
        if set(self._group_members(group_id)) == set(members):
            return
        with translated(f"keeping the user group @{handle}"):
            self._client.usergroups_users_update(usergroup=group_id, users=list(members))
        with self._lock:
            self._members[group_id].keep(tuple(members))

    def channel_id(self, name: str) -> ChannelId | None:
        """Find a channel by name or id; an id is taken as it is."""
        return self.channel_ids([name])[0]

    def channel_ids(self, names: Collection[str]) -> list[ChannelId | None]:
        """Find several at once: a message is looked up among all that are configured."""
        plain = _plain((*names,))
        wanted = {name for name in plain if name is not None}
        known = self._known_channels(lambda known: known.keys() >= wanted) if wanted else {}
        return [
            ChannelId(name) if called is None else known.get(called)
            for name, called in zip(names, plain, strict=True)
        ]

    def is_private(self, name: str) -> bool:
        """Tell whether a channel is known to be private; one that cannot be read is not."""
        channel = self.channel_id(name)
        self._known_channels(lambda known: channel in known.values())
        return channel in self._private

    def _known_channels(self, has: Callable[[dict[str, ChannelId]], bool]) -> dict[str, ChannelId]:
        """Give the channels by name, read anew where they are old or lack what is looked for."""
        missed = not has(self._channels.value or {})
        try:
            return self._channels.read(MISS_S if missed else FRESH_S, self._read_channels)
        except (DeliveryError, RetryableDeliveryError) as failure:
            log.warning("channels_unavailable", error=str(failure))
            return self._channels.value or {}

    def permalink(self, channel: ChannelId, ts: Ts) -> str | None:
        """Give a link to a message; direct messages have none that others could open.

        It is put together as `chat.getPermalink` would give it: whoever is called does not wait
        until Slack is asked.
        """
        if is_direct(channel) or not self._home.address:
            return None
        return f"{self._home.address.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"

    def _read_channels(self) -> dict[str, ChannelId]:
        found: dict[str, ChannelId] = {}
        private: set[ChannelId] = set()
        for page in self._pages(
            "conversations_list", types="public_channel,private_channel", exclude_archived=True
        ):
            for channel in page["channels"]:
                found[str(channel["name"])] = ChannelId(str(channel["id"]))
                if channel.get("is_private"):
                    private.add(ChannelId(str(channel["id"])))
        self._private = frozenset(private)
        known = self._names | {
            id_: self._names.get(id_, frozenset()) | {name} for name, id_ in found.items()
        }
        self._names = known
        # A channel that was renamed is found by the name that the configuration has.
        before = {name: id_ for id_ in found.values() for name in known[id_]}
        return before | found

    def _group_ids(self, *, granting: bool = False) -> dict[str, str]:
        return self._groups.read(
            GRANT_S if granting else FRESH_S, self._read_groups, waiting=granting
        )

    def _read_groups(self) -> dict[str, str]:
        with translated("reading the user groups"):
            answer = self._client.usergroups_list()
        return {str(g["handle"]): str(g["id"]) for g in answer.get("usergroups") or []}

    def _group_members(self, group_id: str, *, granting: bool = False) -> tuple[UserId, ...]:
        with self._lock:
            cached = self._members.setdefault(group_id, Cached(self._clock))
        within = GRANT_S if granting else FRESH_S
        return cached.read(within, lambda: self._read_members(group_id), waiting=granting)

    def _read_members(self, group_id: str) -> tuple[UserId, ...]:
        with translated("reading the members of a user group"):
            answer = self._client.usergroups_users_list(usergroup=group_id)
        return tuple(UserId(str(user)) for user in answer.get("users") or [])

    def _pages(self, method: str, **arguments: Any) -> list[dict[str, Any]]:
        pages: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            with translated(f"calling {method.replace('_', '.', 1)}"):
                answer = getattr(self._client, method)(cursor=cursor, limit=200, **arguments)
            pages.append(answer.data)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return pages
