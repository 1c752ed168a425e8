"""The Home as an engineer works from it: take, put off, give up, choose; each side sees it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.ids import TicketId
from bot.settings.file import DeskSettings
from tests.fakes import TurnableClock
from tests.scenarios.office import BOT, SAM, Office, configuration
from tests.scenarios.screen import PATIENCE_S, reads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.playground import Person

pytestmark = pytest.mark.rare

Block = dict[str, Any]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The sample office."""
    with Office(tmp_path_factory.mktemp("homes")) as opened:
        yield opened


def blocks(person: Person) -> list[Block]:
    """Give the blocks of somebody's Home."""
    shown = person.home()
    return shown["blocks"] if shown else []


def words(person: Person) -> str:
    """Give the words of somebody's Home."""
    return reads({"bot_id": "B", "blocks": blocks(person)})


def becomes(person: Person, *phrases: str, without: str = "\0") -> str:
    """Wait until somebody's Home says all this, and something else no longer."""

    def look() -> str | None:
        shown = words(person)
        return shown if all(each in shown for each in phrases) and without not in shown else None

    try:
        return person.wait_for(look, PATIENCE_S)
    except TimeoutError:
        raise AssertionError(f"{phrases} not in:\n{words(person)}") from None


def press(office: Office, person: Person, about: str, action: str, value: str = "") -> None:
    """Press what stands below a ticket on somebody's Home, or in its line."""
    office.settle()
    shown = person.home()
    assert shown is not None
    rows = iter(shown["blocks"])
    line = next(row for row in rows if about in str(row.get("text", "")))
    places = [line, next(rows)] if "accessory" not in line else [line]
    for place in places:
        for element in (*place.get("elements", ()), place.get("accessory", {})):
            if element.get("action_id") == action:
                given = value or element.get("value")
                chosen = next((o["value"] for o in element.get("options", ())), given)
                person.act(
                    "press", view_id=shown["id"], action_id=action,
                    block_id=place["block_id"], value=chosen,
                )  # fmt: skip
                return
    raise AssertionError(f"no {action} below {about} in\n{places}")


def choose(office: Office, person: Person, what: str, value: str) -> None:
    """Choose in one of the menus of somebody's Home."""
    office.settle()
    shown = person.home()
    assert shown is not None
    menus = next(row for row in shown["blocks"] if row["block_id"].startswith("chosen."))
    person.act(
        "press", view_id=shown["id"], action_id=f"frontline.home.choose.{what}",
        block_id=menus["block_id"], value=f"0|{value}",
    )  # fmt: skip


def test_an_engineer_works_from_their_home(office: Office) -> None:
    """Takes it, lets it rest, wakes it and gives it up; the card and the requester follow."""
    asked = office.ask(office.ana, "The vpn drops beside the lighthouse at every tide")
    asked.waits_for("passed it")
    card = office.card(office.jonas, "beside the lighthouse")
    office.mei.open_home()
    shown = becomes(office.mei, "Nobody has taken these (1)", "[Acknowledge for 30 minutes]")
    assert f"/p{card.ts.replace('.', '')}|{card.number()}>" in shown
    press(office, office.mei, "lighthouse", "frontline.for_now")
    becomes(office.mei, "<@U0MEI00001> has seen it until", without="[Acknowledge for 30 minutes]")
    card.top_becomes("<@U0MEI00001> has seen it")
    press(office, office.mei, "lighthouse", "frontline.take")
    becomes(office.mei, "*My escalations (1)*", "[Snooze]")
    asked.waits_for("<@U0MEI00001> (L2) has taken")
    press(office, office.mei, "lighthouse", "frontline.snooze")
    view = office.mei.wait_for(office.mei.modal)
    assert card.number() in str(view["blocks"])
    assert office.mei.submit({"span": "morning"}) is None
    becomes(office.mei, "Resting (1)", "rests until")
    office.ana.open_home()
    becomes(office.ana, "<@U0MEI00001> (L2) has it and goes on with it")
    press(office, office.mei, "lighthouse", "frontline.wake")
    becomes(office.mei, "[Snooze]", without="Resting")
    press(office, office.mei, "lighthouse", "frontline.more")
    card.waits_for("back to the queue")
    becomes(office.mei, "Nobody has taken these (1)")
    asked.waits_for("it waits for a colleague")
    becomes(office.ana, "somebody takes it")


def test_what_to_write_next_stands_on_homes_until_somebody_decides(tmp_path: Path) -> None:
    """Mei drafts one from her Home, an admin puts another away; Tom, who asks, reads of none."""
    admins = DeskSettings(admins=(SAM,))
    file = configuration().model_copy(update={"desk": admins})
    with Office(tmp_path, file=file) as office:
        for place in ("lodge", "canteen"):
            for person in (office.ana, office.tom):
                text = f"Where does the {place} keep the wheelchair?"
                office.ask(person, text).waits_for("passed it")
        number = TicketId(office.rows("SELECT min(id) FROM tickets")[0][0])
        pairs = [[number, TicketId(number + 1)], [TicketId(number + 2), TicketId(number + 3)]]
        with office._working().store.unit_of_work() as uow:
            uow.gaps.regroup(pairs, [each[0] for each in pairs], [None, None])
        for person in (office.mei, office.sam, office.tom):
            person.open_home()
        for person in (office.mei, office.sam):
            becomes(
                person, "*What to write next*", ". Where does the lodge",
                ". Where does the canteen", "asked 2 times by 2 people",
                "no article is near", "[Draft an article]", "[Done]", "[Not a gap]",
            )  # fmt: skip
        assert "What to write next" not in becomes(office.tom, "My requests")
        press(office, office.mei, ". Where does the lodge", "frontline.gap.draft.1")
        becomes(office.mei, "in work: a draft is there")
        office.mei.wait_for(
            lambda: [m for m in office.mei.sees("l2-support") if "Draft of an article" in reads(m)],
            PATIENCE_S,
        )
        press(office, office.mei, ". Where does the canteen", "frontline.gap.done.2")
        becomes(office.mei, "in work: a draft is there", without=". Where does the canteen")
        press(office, office.sam, ". Where does the canteen", "frontline.gap.dismiss.2")
        becomes(office.sam, "in work: a draft is there", without=". Where does the canteen")
        assert [tuple(row) for row in office.rows("SELECT state, decided_by FROM gaps")] == [
            ("in work", office.mei.id), ("dismissed", SAM),
        ]  # fmt: skip


def test_what_is_chosen_and_who_came_first(office: Office) -> None:
    """A priority that nothing has shows nothing, and says so; a late press is told who did."""
    asked = office.ask(office.tom, "The vpn drops below the dinosaur in the museum")
    asked.waits_for("passed it")
    card = office.card(office.jonas, "below the dinosaur")
    office.mei.open_home()
    becomes(office.mei, "below the dinosaur")
    choose(office, office.mei, "priority", "P1")
    becomes(office.mei, "Nothing with this choice.", without="below the dinosaur")
    choose(office, office.mei, "priority", "")
    becomes(office.mei, "below the dinosaur")
    card.press("Take it")
    card.top_becomes("taken by <@U0JONAS001>")
    press(office, office.mei, "dinosaur", "frontline.take")
    told = office.mei.wait_for(
        lambda: next(
            (m for m in office.mei.sees(office.mei.dm(BOT)) if "already been taken" in reads(m)),
            None,
        ),
        PATIENCE_S,
    )
    assert "<@U0JONAS001>" in reads(told)
    becomes(office.mei, "My requests", without="below the dinosaur")
    choose(office, office.mei, "show", "taken")
    becomes(office.mei, "Taken by others in my groups", "below the dinosaur")
    choose(office, office.mei, "show", "")


def test_two_colleagues_look_at_their_homes(tmp_path: Path) -> None:
    """What one does on a card the other sees within half a minute, without opening anything."""
    clock = TurnableClock(datetime(2026, 11, 23, 18, 0, tzinfo=UTC))
    with Office(tmp_path, clock=clock) as office:
        office.mei.open_home()
        becomes(office.mei, "All are taken.")
        asked = office.ask(office.ana, "The vpn drops beneath the observatory")
        asked.waits_for("passed it")
        card = office.card(office.jonas, "beneath the observatory")
        office.turn(seconds=31)
        becomes(office.mei, "Nobody has taken these (1)", "beneath the observatory")
        card.press("Take it")
        card.top_becomes("taken by <@U0JONAS001>")
        office.turn(seconds=31)
        becomes(office.mei, "All are taken.", without="beneath the observatory")
