"""The installations: what Slack gave, sealed, and how each one's desk stands."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.desk.ids import UserId
from bot.desk.workspaces import HomeId, Installation, Serving
from bot.store.codec import moment, stamp
from bot.store.database import reading, server_of, transaction
from bot.store.sealing import SealingError, open_by, seal_by

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from bot.desk.ports.time import Clock

KEY = "FRONTLINE_TOKENS_KEY"


class Installations:
    """Workspaces and organisations by their id; each is there once, however often installed."""

    def __init__(self, path: Path, clock: Clock, key: str) -> None:
        """Work on a database; tokens are sealed with `key`.

        Raises:
            SealingError: it is no key.
        """
        seal_by(key, "", KEY)
        self._path = path
        self._clock = clock
        self._key = key

    def save(self, given: Installation) -> None:
        """Keep an installation; one that was there, or had ended, is there anew."""
        with transaction(self._path) as db:
            db.execute(
                "INSERT INTO installations (home, name, token, refresh_token, expires_at, "
                "bot_user, installer, installed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (home) DO UPDATE SET name = excluded.name, token = excluded.token, "
                "refresh_token = excluded.refresh_token, expires_at = excluded.expires_at, "
                "bot_user = excluded.bot_user, installer = excluded.installer, "
                "installed_at = excluded.installed_at, ended_at = NULL, ended_why = '', "
                "welcomed_at = NULL",
                [
                    given.home, given.name, seal_by(self._key, given.token, KEY),
                    self._sealed(given.refresh_token), _stamp(given.expires_at), given.bot_user,
                    given.installer, stamp(given.installed_at),
                ],
            )  # fmt: skip

    def rotated(
        self, home: HomeId, token: str, refresh_token: str | None, expires_at: datetime
    ) -> None:
        """Keep the token that took another's place."""
        with transaction(self._path) as db:
            db.execute(
                "UPDATE installations SET token = ?, refresh_token = ?, expires_at = ? "
                "WHERE home = ?",
                [
                    seal_by(self._key, token, KEY),
                    self._sealed(refresh_token),
                    stamp(expires_at),
                    home,
                ],
            )

    @contextmanager
    def turn_of(self, home: HomeId) -> Iterator[Installation | None]:
        """Give an installation as it stands now, while this process alone changes its token.

        None where another replica is at it, or it is not installed.
        """
        server = server_of(self._path)
        if server is None:
            yield self._get(home)
            return
        with server.turn_of(f"token {home}") as is_ours:
            yield self._get(home) if is_ours else None

    def _get(self, home: HomeId) -> Installation | None:
        return next((each for each in self.all() if each.home == home and each.is_installed), None)

    def end(self, home: HomeId, why: str) -> bool:
        """Write down that an installation is no more; False where it was not there.

        Its tokens go at once: whoever gets hold of this database has no use of them.
        """
        with transaction(self._path) as db:
            done = db.execute(
                "UPDATE installations SET ended_at = ?, ended_why = ?, refresh_token = NULL, "
                "token = '' WHERE home = ? AND ended_at IS NULL",
                [stamp(self._clock()), why, home],
            )
            return bool(done.rowcount)

    def forget(self, home: HomeId) -> None:
        """Let go of an installation that ended."""
        with transaction(self._path) as db:
            db.execute("DELETE FROM installations WHERE home = ? AND ended_at IS NOT NULL", [home])

    def welcomed(self, home: HomeId) -> None:
        """Write down that the installer was told how to go on."""
        with transaction(self._path) as db:
            db.execute(
                "UPDATE installations SET welcomed_at = ? WHERE home = ?",
                [stamp(self._clock()), home],
            )

    def stand(self, home: HomeId, stands: Serving, says: str = "") -> None:
        """Write down how a desk stands, where it stands otherwise than before."""
        with transaction(self._path) as db:
            db.execute(
                "UPDATE installations SET stands = ?1, says = ?2, stands_since = ?3 "
                "WHERE home = ?4 AND (stands <> ?1 OR says <> ?2)",
                [stands.value, says, stamp(self._clock()), home],
            )

    def has(self, home: HomeId) -> bool:
        """Tell whether the app is installed there."""
        with reading(self._path) as db:
            row = db.execute(
                "SELECT 1 FROM installations WHERE home = ? AND ended_at IS NULL", [home]
            ).fetchone()
        return row is not None

    def all(self) -> tuple[Installation, ...]:
        """Give every installation, those that ended too, in the order of their names.

        Raises:
            SealingError: they were sealed with another key.
        """
        with reading(self._path) as db:
            rows = db.execute("SELECT * FROM installations ORDER BY name, home").fetchall()
        return tuple(self._read(row) for row in rows)

    def _read(self, row: Any) -> Installation:
        return Installation(
            HomeId(row["home"]),
            row["name"],
            self._opened(row["token"]) or "",
            UserId(row["bot_user"]),
            UserId(row["installer"]),
            moment(row["installed_at"]),
            self._opened(row["refresh_token"]),
            _moment(row["expires_at"]),
            _moment(row["ended_at"]),
            row["ended_why"],
            _moment(row["welcomed_at"]),
            Serving(row["stands"]),
            row["says"],
            _moment(row["stands_since"]),
        )

    def _sealed(self, text: str | None) -> str | None:
        return None if text is None else seal_by(self._key, text, KEY)

    def _opened(self, sealed: str | None) -> str | None:
        try:
            return open_by(self._key, sealed, KEY) if sealed else None
        except SealingError as failure:
            raise SealingError(
                f"{KEY} is another key than the one that sealed the tokens; set it to that one. If "
                "it is lost, move the database of [workspaces] away: each workspace installs the "
                "app again, and keeps its folder."
            ) from failure


def _stamp(at: datetime | None) -> str | None:
    return None if at is None else stamp(at)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else moment(text)
