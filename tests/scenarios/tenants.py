"""Two workspaces whose people and channels have the same ids, and one process that serves both."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.bootstrap import start_with
from bot.bootstrap.beside import serving
from bot.desk.workspaces import HomeId
from bot.playground.several import CLIENT_ID, CLIENT_SECRET, Several
from bot.service.context import utc_now
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets, Settings
from bot.settings.tokens import app_secrets
from bot.settings.workspaces import settings_of
from bot.store.database import put_on
from bot.store.postgresql.server import Server
from bot.web import Together
from bot.worker import Clocks
from bot.worker.pacing import Pacer
from bot.workspaces import House
from bot.workspaces.folders import settings_in
from tests.scenarios.knowledge import scripted_triager
from tests.scenarios.office import Office, larkfield

if TYPE_CHECKING:
    from pathlib import Path

    from bot.bootstrap import Application, Waiting
    from bot.desk.workspaces import Installation
    from bot.playground import Seed
    from bot.slack.lines import Entrance

LARK, MERIDIAN = HomeId("T0LARK0001"), HomeId("T0MERID001")
GRID = HomeId("E0NORTHGRD")

CONFIGURATION = """\
database = "var/frontline.db"
[who]
share = 10000
[learning]
audit = 0
[channels.it-help]
mode = "questions"
[groups.l2]
tier = "L2"
channel = "l2-support"
usergroup = "l2-oncall"
[groups.l3]
tier = "L3"
channel = "l3-engineering"
usergroup = "l3-oncall"
"""


def meridian() -> Seed:
    """Another organisation: everybody and everything has the same id as in the sample one."""
    seed = larkfield()
    return replace(
        seed,
        team=replace(seed.team, id=MERIDIAN, name="Meridian", domain="meridian"),
        bot=replace(seed.bot, bot_token="xoxb-playground-meridian-frontline"),
    )


class Tenant(Office):
    """One of several workspaces; its bot comes by itself, as the app is installed."""

    @property
    def settings(self) -> Settings:
        """Those of its folder."""
        return settings_of(Secrets(), self.folder, self.playground.bot_token)

    def bot_comes(self) -> None:
        """It is there already, or not."""

    def bot_leaves(self) -> None:
        """It goes with the others."""


class Tenants:
    """Two workspaces, the Slack that both are of, and the house that serves their desks."""

    def __init__(
        self,
        folder: Path,
        *,
        rotates: bool = False,
        allow: tuple[str, ...] = (),
        server: str | None = None,
    ) -> None:
        """Prepare; `allow` names who may install the app, both where it is not given.

        `server` is the address of PostgreSQL, where the databases are there.
        """
        self.folder = folder
        self._server = server
        if server is not None:
            put_on(folder / "house.db", Server(server))
        self._rotates = rotates
        self._allow = allow or (LARK, MERIDIAN, GRID)
        self.figures = Together()
        self.key = Fernet.generate_key().decode()
        self.lark = Tenant(folder / "all" / LARK, seed=larkfield())
        self.meridian = Tenant(folder / "all" / MERIDIAN, seed=meridian())

    def __enter__(self) -> Self:
        """Open both workspaces; nobody has installed the app yet."""
        for each in (self.lark, self.meridian):
            each.open()
        self.slack = Several(
            [self.lark.playground, self.meridian.playground], rotates=self._rotates
        ).start()
        self.house_opens()
        return self

    def __exit__(self, *_: object) -> None:
        """Close all."""
        self.house.stop()
        for each in (self.lark, self.meridian):
            each.close()
        self.slack.stop()

    @property
    def settings(self) -> Settings:
        """What the house is told."""
        file = FileSettings.model_validate({
            "database": str(self.folder / "house.db"),
            "classifier": {"model": str(self.folder / "model")},
            "workspaces": {"folder": str(self.folder / "all"), "allow": self._allow},
        })  # fmt: skip
        secrets = Secrets(
            slack_client_id=CLIENT_ID,
            slack_client_secret=SecretStr(CLIENT_SECRET),
            slack_signing_secret=SecretStr(self.lark.playground.signing_secret),
            frontline_tokens_key=SecretStr(self.key),
            slack_api_url=self.slack.api_url,
            frontline_db=SecretStr(self._server) if self._server else None,
        )
        return Settings(file, secrets)

    def house_opens(self) -> None:
        """Listen, and tell Slack where."""
        (self.folder / "model").mkdir(exist_ok=True)
        settings = self.settings
        self.house = House(
            settings,
            app_secrets(settings),
            self.begin,
            "127.0.0.1:0",
            measured=(self.figures, "127.0.0.1:0"),
        )
        self.house.start()
        self.slack.redirect_url = f"{self.url}/slack/oauth_redirect"
        for each in (self.lark, self.meridian):
            each.playground.control("http", url=f"{self.url}/slack/events")

    def begin(
        self, installation: Installation, entrance: Entrance, waiting: Waiting
    ) -> Application:
        """Start a desk as it is started in earnest, with scripted triage."""
        triager = scripted_triager(f" at {installation.name}")
        settings = settings_in(self.settings, installation.home, installation.token)
        holding = serving(settings.db, utc_now)
        holding.lock()
        try:
            return start_with(
                triager,
                settings,
                Clocks(),
                pacer=Pacer(burst=10_000),
                waiting=waiting,
                holding=holding,
                http=entrance,
                metrics=partial(self.figures.keep, installation.home),
            )
        except BaseException:
            holding.end()
            raise

    @property
    def url(self) -> str:
        """Where the house is reached."""
        return f"http://127.0.0.1:{self.house.port}"

    # --- installing, as somebody does with a browser

    def install(self, home: str) -> Page:
        """Install the app in a workspace; gives the page at the end."""
        return allowed_in(self.url, self.slack, home)

    def installed(self, *homes: str) -> None:
        """Install the app in these, and wait until their desks are served."""
        for home in homes:
            root = self.folder / "all" / home
            root.mkdir(parents=True, exist_ok=True)
            (root / "frontline.toml").write_text(CONFIGURATION)
            assert self.install(home).status == 200
        for home in homes:
            self.wait(partial(self.is_served, home))

    def begun(self) -> Page:
        """Begin at the house's own page; gives what Slack shows."""
        return browse(f"{self.url}/slack/install")

    def come_back(self, begun: Page, home: str) -> Page:
        """Choose a workspace on Slack's page; nothing chosen is cancelling."""
        return chosen_on(begun, self.slack, home)

    def is_served(self, home: str) -> bool:
        """Whether a workspace's desk is at work."""
        desk = self.house.desk(HomeId(home))
        return desk is not None and desk.application is not None

    def known(self, home: str) -> Installation:
        """What the house has on record of an installation."""
        return next(each for each in self.house.installations.all() if each.home == home)

    def wait(self, until: Any) -> Any:
        """Wait until something holds."""
        return self.lark.ana.wait_for(until, 20)


def allowed_in(url: str, slack: Several, home: str) -> Page:
    """Install a house's app in a workspace, as somebody with a browser; gives the last page."""
    return chosen_on(browse(f"{url}/slack/install"), slack, home)


def chosen_on(begun: Page, slack: Several, home: str) -> Page:
    """Choose a workspace on Slack's page, and come back."""
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(begun.url).query)
    chosen = urllib.parse.urlencode({"team": home, "state": query["state"][0]})
    return browse(f"{slack.api_url.removesuffix('api/')}oauth/v2/decide?{chosen}", begun.cookie)


class Page:
    """What a browser shows in the end."""

    def __init__(self, url: str, status: int, text: str, cookie: str) -> None:
        """With the cookie that it was given on the way."""
        self.url, self.status, self.text, self.cookie = url, status, text, cookie


class _Stop(urllib.request.HTTPRedirectHandler):
    """Looks at each redirection instead of following it."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing."""


def browse(url: str, cookie: str = "") -> Page:
    """Open an address and follow it, with one cookie."""
    opener = urllib.request.build_opener(_Stop)
    while True:
        request = urllib.request.Request(url, headers={"Cookie": cookie} if cookie else {})
        try:
            with opener.open(request, timeout=10) as answer:
                status, headers, text = answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, headers, text = error.code, error.headers, error.read().decode()
        cookie = (headers.get("Set-Cookie") or cookie).split(";")[0]
        if status not in (301, 302):
            return Page(url, status, text, cookie)
        url = urllib.parse.urljoin(url, headers["Location"])
