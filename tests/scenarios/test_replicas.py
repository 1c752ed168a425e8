"""Two real bots on one PostgreSQL: whoever is asked, each question is answered once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.bootstrap import Application, start_with
from bot.settings.settings import Settings
from bot.store import database
from bot.store.postgresql.server import Server
from bot.worker.pacing import Pacer
from tests import postgresql
from tests.scenarios.office import Office
from tests.scenarios.screen import PATIENCE_S, reads

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.rare  # a server is started


class Both(Office):
    """The workspace with a bot, and another beside it as if on another machine."""

    other: Application | None = None

    def __init__(self, *given: object, address: str) -> None:
        """Name the server that both are on."""
        super().__init__(*given)  # type: ignore[arg-type]
        self.address = address
        database.put_on(self.settings.db, Server(address))

    def another_comes(self) -> None:
        """Start the second bot."""
        path = self.folder / "elsewhere" / "frontline.db"
        path.parent.mkdir(exist_ok=True)
        database.put_on(path, Server(self.address))
        secrets = self.settings.secrets.model_copy(update={"frontline_db": path})
        pacer = Pacer(burst=10_000)
        self.other = start_with(self.triager, Settings(self.file, secrets), pacer=pacer)

    def bot_leaves(self) -> None:
        """Stop both."""
        if self.other is not None:
            self.other.stop()
            self.other = None
        super().bot_leaves()

    def leaders(self) -> list[bool]:
        """Tell of each bot whether it leads."""
        both = (self.application, self.other)
        return [each.holding.leads() for each in both if each is not None]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The workspace, and two bots on an empty database that the first one makes."""
    address = postgresql.new_database("test_two_bots", pattern="template0")
    with Both(tmp_path_factory.mktemp("office"), address=address) as opened:
        opened.another_comes()
        yield opened


def is_heard(office: Both, ts: str) -> bool:
    """Tell whether a message is in the inbox, handled or not."""
    sql = " UNION ALL ".join(
        f"SELECT 1 FROM {table} WHERE message_key LIKE '%{ts}'"
        for table in ("inbox", "inbox_history")
    )
    return bool(office.rows(sql))


def test_one_of_them_leads(office: Both) -> None:
    """The other one only answers."""
    assert office.leaders() == [True, False]


def test_each_question_has_one_ticket_one_answer_and_one_card(office: Both) -> None:
    """Whichever bot hears it, handles it and sends the answer."""
    asked = [
        office.ask(office.tom, f"The scanner freezes whenever {count} pallets come")
        for count in range(12)
    ]
    for each in asked:
        each.waits_for("passed it to the specialists on call (L2)")
    office.settle()
    assert [each.count("passed it to the specialists") for each in asked] == [1] * 12
    rows = office.rows("SELECT thread_ts, count(*) FROM tickets GROUP BY thread_ts")
    assert {each.ts: 1 for each in asked}.items() <= dict(rows).items()
    for count in range(12):
        assert len(office.cards(office.mei, f"whenever {count} pallets")) == 1
    holders = {row[0] for row in office.rows("SELECT holder FROM inbox WHERE state = 'done'")}
    assert len(holders) == 2, "both of them handled some"


def test_what_somebody_says_in_one_thread_reaches_the_engineers_in_order(office: Both) -> None:
    """Though one half is heard, handled and sent by one bot and one by the other."""
    asked = office.ask(office.ana, "The vpn drops every twenty minutes since Monday")
    asked.waits_for("passed it to the specialists on call (L2)")
    for count in range(8):
        ts = asked.say(f"and detail number {count} of it")
        # Slack keeps no order between connections: the next comes once this one was heard.
        office.ana.wait_for(lambda ts=ts: is_heard(office, ts))  # type: ignore[misc]
    office.settle()
    card = office.card(office.mei, "every twenty minutes")
    said = " ".join(reads(message) for message in card.messages)
    places = [said.find(f"detail number {count}") for count in range(8)]
    assert -1 not in places
    assert places == sorted(places)


def test_a_press_finds_its_ticket_whoever_posted_the_button(office: Both) -> None:
    """A card is one card: who takes it is told by the bot that hears of it."""
    office.ask(office.ana, "The vpn drops whenever it rains").waits_for("passed it to the")
    card = office.card(office.mei, "whenever it rains")
    card.press("Take it")
    card.top_becomes("taken by <@U0MEI00001>")


def test_another_leads_once_the_leader_is_gone_and_nothing_is_lost_meanwhile(
    office: Both,
) -> None:
    """As an update does: one leaves, and what is asked then is answered by the other."""
    first = office.application
    assert first is not None
    leaving = first.line
    office.application = None
    first.stop()
    assert leaving.session() is None
    asked = office.ask(office.tom, "The scanner freezes whenever two trucks come")
    asked.waits_for("passed it to the specialists on call (L2)")
    office.tom.wait_for(lambda: office.leaders() == [True], PATIENCE_S)
    office.bot_comes()
    assert office.leaders() == [False, True]
