"""Everything that one running workspace is made of, wired once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.playground.delivery.delivery import Delivery
from bot.playground.delivery.events_api import EventsApi
from bot.playground.delivery.live import Live
from bot.playground.delivery.responses import ResponseUrls
from bot.playground.delivery.socket_mode import SocketMode
from bot.playground.faults.faults import Faults
from bot.playground.faults.latency import Latency
from bot.playground.faults.limits import RateLimits
from bot.playground.record.recording import Recording
from bot.playground.state.files import Files
from bot.playground.state.ids import Ids
from bot.playground.state.journal import Journal
from bot.playground.state.surfaces import Surfaces
from bot.playground.state.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground.state.clock import Clock
    from bot.playground.state.seed import CommandSeed, Seed, ShortcutSeed


@dataclass
class Installation:
    """What the app asked for: its scopes, events, commands and shortcuts."""

    scopes: frozenset[str]
    commands: tuple[CommandSeed, ...]
    shortcuts: tuple[ShortcutSeed, ...]
    events: frozenset[str] | None = None  # None: what a plain bot listens to
    surface: str = ""
    """`assistant` or `agent`, as the manifest's features say; `` where it says neither."""


@dataclass
class Site:
    """One workspace with its surroundings."""

    clock: Clock
    ids: Ids
    journal: Journal
    workspace: Workspace
    installation: Installation
    recording: Recording
    faults: Faults
    live: Live
    surfaces: Surfaces
    socket_mode: SocketMode
    events_api: EventsApi
    delivery: Delivery
    response_urls: ResponseUrls
    limits: RateLimits
    latency: Latency
    files: Files
    base_url: str = ""
    opens: float | None = None
    """When the app's desk opens next, where its runner has said so."""
    ephemerals: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    entered: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    statuses: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    streams: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def reset(self) -> None:
        """Forget everything that happened and start from the seed."""
        old = self.workspace
        self.journal.clear()
        self.workspace = Workspace(old.seed, self.journal, self.clock, self.ids, old.next_ts())
        for memory in (self.ephemerals, self.entered, self.statuses, self.streams,
                       self.surfaces.triggers, self.surfaces.views,
                       self.surfaces.owners, self.surfaces.stacks,
                       self.files.shared, self.files.contents):  # fmt: skip
            memory.clear()
        self.faults.clear()
        # Open pages fetch everything again when their connection comes back.
        self.live.close()

    def close(self) -> None:
        """Let go of connections and write what is left to write."""
        self.delivery.close()
        self.socket_mode.close()
        self.live.close()
        self.journal.close()


def build_site(seed: Seed, state: Path | None, clock: Clock, random_seed: int | None) -> Site:
    """Put a workspace together from its seed and what its journal remembers."""
    ids = Ids(random_seed)
    journal = Journal(state)
    workspace = Workspace(seed, journal, clock, ids)
    # A workspace that goes on from its state must not draw the ids of its first run again.
    ids.go_on_from(workspace.moment)
    recording = Recording(clock)
    faults = Faults(random_seed or 0)
    socket_mode = SocketMode(seed.bot.app_id, clock, ids, recording, faults)
    return Site(
        clock=clock,
        ids=ids,
        journal=journal,
        workspace=workspace,
        installation=Installation(frozenset(seed.bot.scopes), seed.commands, seed.shortcuts),
        recording=recording,
        faults=faults,
        live=Live(ids.uuid()),
        surfaces=Surfaces(clock, ids, seed.team.id, seed.bot.app_id, seed.bot.bot_id),
        socket_mode=socket_mode,
        events_api=EventsApi(seed.bot.signing_secret, recording, faults),
        delivery=Delivery(socket_mode, clock, journal, recording, faults),
        response_urls=ResponseUrls(clock, ids),
        limits=RateLimits(clock),
        latency=Latency(random_seed or 0),
        files=Files(clock, ids, journal),
    )
