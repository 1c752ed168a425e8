"""Where people look: their Home, `/helpdesk`, and the shortcuts on a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.settings.file import DeskSettings
from tests.scenarios.office import BOT, SAM, Office, configuration
from tests.scenarios.screen import PATIENCE_S, reads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.playground import Person


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The sample office, with Sam as admin."""
    file = configuration().model_copy(update={"desk": DeskSettings(admins=(SAM,))})
    with Office(tmp_path_factory.mktemp("places"), file=file) as opened:
        yield opened


def home(person: Person) -> str:
    """Give the words of somebody's Home."""
    shown = person.home()
    return reads({"bot_id": "B", "blocks": shown["blocks"]}) if shown else ""


def home_says(person: Person, *phrases: str) -> str:
    """Wait until somebody's Home says all this."""

    def look() -> str | None:
        words = home(person)
        return words if all(phrase in words for phrase in phrases) else None

    try:
        return person.wait_for(look, PATIENCE_S)
    except TimeoutError:
        raise AssertionError(f"{phrases} not in:\n{home(person)}") from None


def whisper(person: Person, phrase: str, channel: str = "it-help") -> str:
    """Wait until somebody alone is told something; gives the latest."""

    def look() -> str | None:
        found = [reads(message) for message in person.ephemerals(channel)]
        return next((text for text in reversed(found) if phrase in text), None)

    return person.wait_for(look, PATIENCE_S)


def number_of(words: str) -> str:
    """Give the first ticket's number in a text."""
    return "T-" + words.split("T-", 1)[1][:4]


def in_dm(office: Office, person: Person, phrase: str) -> dict[str, Any]:
    """Wait for a message in somebody's direct messages with Frontline."""
    channel = person.dm("U0FRONT001")

    def look() -> dict[str, Any] | None:
        return next((m for m in person.sees(channel) if phrase in reads(m)), None)

    return person.wait_for(look, PATIENCE_S)


def test_a_home_shows_my_requests_and_what_happens_next(office: Office) -> None:
    """Ana opens her Home once; from then on it follows her ticket, from call to closure."""
    asked = office.ask(office.ana, "vpn drops on the ferry <b>& beside seven noisy engines")
    told = asked.waits_for("passed it to the specialists on call (L2)")
    office.ana.open_home()
    shown = home_says(office.ana, "My requests", number_of(told))
    assert "vpn drops on the ferry &lt;b&gt;&amp;" in shown
    assert "Called are the specialists on call (L2); somebody takes it by" in shown
    assert "[Ask something]" in shown
    assert "For me to do" not in shown
    assert "The desk" not in shown

    card = office.card(office.mei, "on the ferry")
    card.press("Take it")
    home_says(office.ana, "<@U0MEI00001> (L2) works on it. Next: first answer by")

    card.press("Resolve")
    office.mei.wait_for(office.mei.modal)
    assert office.mei.submit({"cause": "Waves", "fix": "Calm sea"}) is None
    home_says(office.ana, "Nothing is open.", "Lately settled", "Resolved")


def test_an_engineers_home_shows_the_queue_and_follows_what_they_take(office: Office) -> None:
    """Unassigned in the groups of the one who looks; L3's is not Mei's."""
    office.ask(office.ana, "my vpn drops in the tunnel under Alster river daily")
    card = office.card(office.mei, "in the tunnel")
    office.ask(office.tom, "The order system is down for the tunnel crew")
    office.card(office.priya, "tunnel crew", "l3-engineering")
    office.mei.open_home()
    shown = home_says(office.mei, "For me to do", "in the tunnel", "nobody has taken it")
    mine, _, rest = shown.partition("Nobody has taken these")
    assert "in the tunnel" not in mine
    assert "tunnel crew" not in rest
    assert "*On call*" in shown
    assert "<@U0JONAS001>" in shown
    assert "My requests" in shown

    card.press("Take it")
    card.top_becomes("taken by <@U0MEI00001>")

    def is_mine() -> bool:
        return "in the tunnel" in home(office.mei).partition("Nobody has taken these")[0]

    office.mei.wait_for(is_mine, PATIENCE_S)


def test_an_admins_home_shows_volumes_and_health(office: Office) -> None:
    """Sam is in no resolver group; he sees the desk."""
    office.ask(office.ana, "vpn drops at the admin's door whenever somebody opens it")
    office.card(office.mei, "admin's door")
    office.sam.open_home()
    shown = home_says(office.sam, "The desk", "Volumes", "l2: ", "Overdue: 0", "Health")
    assert "For me to do" not in shown


def test_nobodys_home_is_published_before_they_open_it(office: Office) -> None:
    """Tom never looked: nothing is published to him, whatever happens to his tickets."""
    office.ask(office.tom, "vpn drops in the forklift, tablet mounted left of seat")
    office.card(office.mei, "in the forklift")
    office.settle()
    assert office.tom.home() is None
    assert office.rows("SELECT * FROM home_viewers WHERE user = 'U0TOM00001'") == []


def test_old_homes_are_not_kept(office: Office) -> None:
    """However often a Home changes, one row of it stays in the outbox at most."""
    office.ana.open_home()
    home_says(office.ana, "My requests")
    for text in ("vpn drops on that pier with seagulls", "attic vpn drops during heavy rainfall"):
        asked = office.ask(office.ana, text)
        asked.waits_for("passed it to the specialists")
        home_says(office.ana, text)
    office.settle()
    kept = office.rows("SELECT count(*) FROM outbox WHERE channel = 'home:U0ANA00001'")
    assert kept[0][0] <= 2


def test_a_request_from_the_home_is_answered_in_direct_messages(office: Office) -> None:
    """*Ask something*: a thread begins with what was asked, and is a request like any other."""
    office.ana.open_home()
    home_says(office.ana, "[Ask something]")
    office.ana.press_in_view("frontline.home.ask", view=office.ana.home())
    office.ana.wait_for(office.ana.modal)
    assert office.ana.submit({"text": "How do I change my password from home?"}) is None
    begun = in_dm(office, office.ana, "> How do I change my password from home?")
    thread = office.screen(office.ana, office.ana.dm("U0FRONT001"), begun["ts"])
    thread.waits_for("Reset your password")
    thread.press("That solved it")
    thread.waits_for("Glad that it is solved")


def test_a_new_request_by_the_global_shortcut(office: Office) -> None:
    """From anywhere: the same modal."""
    office.tom.shortcut("frontline.ask_anything")
    office.tom.wait_for(office.tom.modal)
    assert (
        office.tom.submit({"text": "vpn drops in the canteen after soup has been served"}) is None
    )
    in_dm(office, office.tom, "> vpn drops in the canteen after soup has been served")
    office.card(office.mei, "in the canteen")


def test_helpdesk_mine_lists_my_requests_to_me_alone(office: Office) -> None:
    """Ana's own, and nobody sees the answer but her."""
    office.ask(office.ana, "vpn drops at my sister's flat near Porto since Sunday").waits_for(
        "passed it"
    )
    office.ask(office.tom, "vpn drops in the loading bay once trucks start reversing").waits_for(
        "passed it"
    )
    office.ana.command("it-help", "/helpdesk mine")
    mine = whisper(office.ana, "Your open requests")
    assert "at my sister's" in mine
    assert "loading bay" not in mine
    assert "Called are the specialists on call (L2); somebody takes it by" in mine
    assert not any("Your open requests" in reads(m) for m in office.tom.ephemerals("it-help"))


def test_helpdesk_status_is_for_the_requester_and_for_engineers(office: Office) -> None:
    """Others hear the same as where there is no such ticket: it tells them nothing."""
    told = office.ask(
        office.ana, "vpn drops in the sauna, which surprises nobody but me"
    ).waits_for("passed it")
    ticket = number_of(told)
    office.ana.command("it-help", f"/helpdesk status {ticket}")
    assert "in the sauna" in whisper(office.ana, f"*{ticket}*")
    office.mei.command("l2-support", f"/helpdesk {ticket.lower()}")
    assert "nobody has taken it" in whisper(office.mei, f"*{ticket}*", "l2-support")
    office.sam.command("it-help", f"/helpdesk status {ticket}")
    assert "in the sauna" in whisper(office.sam, f"*{ticket}*")
    office.tom.command("it-help", f"/helpdesk status {ticket}")
    assert "sauna" not in whisper(office.tom, f"I find no request {ticket} of yours")
    office.tom.command("it-help", "/helpdesk status T-999999")
    whisper(office.tom, "I find no request T-999999 of yours")


def test_helpdesk_search_finds_my_requests_and_articles(office: Office) -> None:
    """A requester searches their own; an engineer all of them."""
    office.ask(office.ana, "vpn drops beside the aquarium while feeding fish there").waits_for(
        "passed it"
    )
    office.tom.command("it-help", "/helpdesk search aquarium")
    assert "I found nothing" in whisper(office.tom, "with “aquarium”")
    office.ana.command("it-help", "/helpdesk search aquar vpn")
    assert "beside the aquarium" in whisper(office.ana, "with “aquar vpn”")
    office.jonas.command("l2-support", "/helpdesk search aquarium")
    found = whisper(office.jonas, "with “aquarium”", "l2-support")
    assert "<@U0ANA00001>: vpn drops beside the aquarium while feeding fish there" in found
    office.tom.command("it-help", "/helpdesk search password")
    assert ":book: Reset your password" in whisper(office.tom, "with “password”")


def test_helpdesk_explains_itself(office: Office) -> None:
    """What is not understood is answered with what there is."""
    office.tom.command("it-help", "/helpdesk sandwich&<")
    told = whisper(office.tom, "I cannot read “sandwich&amp;&lt;”")
    assert "/helpdesk mine" in told


def test_a_question_behind_helpdesk_is_asked_in_direct_messages(office: Office) -> None:
    """As from a Home: a thread begins with it, and is answered there."""
    office.tom.command("it-help", "/helpdesk how do I reset my password")
    dm = office.tom.dm(BOT)
    begun = office.tom.wait_for(
        lambda: next((m for m in office.tom.sees(dm) if "reset my password" in reads(m)), None)
    )
    office.screen(office.tom, dm, begun["ts"]).waits_for("Reset your password")


def test_helpdesk_in_a_channel_without_the_bot_is_answered_directly(office: Office) -> None:
    """Frontline cannot whisper where it is not; the answer comes as a direct message."""
    office.tom.command("general", "/helpdesk help")
    in_dm(office, office.tom, "`/helpdesk mine` your requests")


def test_ask_frontline_about_somebodys_message(office: Office) -> None:
    """Tom wonders, Ana asks for it: her request, in a thread of his message."""
    ts = office.tom.say("warehouse", "my password is refused at the till, odd")
    office.ana.shortcut("frontline.ask_about", "warehouse", ts)
    thread = office.screen(office.ana, "warehouse", ts)
    thread.waits_for("<@U0ANA00001> asks me about this.")
    thread.waits_for("Reset your password")
    thread.press("Talk to a person")
    card = office.card(office.mei, "refused at the till")
    assert "<@U0ANA00001>" in card.top
    assert "<@U0TOM00001>" in card.waits_for("Handoff of")

    office.ana.shortcut("frontline.ask_about", "warehouse", ts)
    whisper(office.ana, "That is your request", "warehouse")


def test_asked_about_where_the_bot_is_not_it_answers_directly(office: Office) -> None:
    """#general: a thread in Ana's direct messages, with the message quoted; none in #general."""
    ts = office.tom.say("general", "the vpn drops in the whole building, is it only me?")
    office.ana.shortcut("frontline.ask_about", "general", ts)
    begun = in_dm(office, office.ana, "You asked me about a message of <@U0TOM00001>")
    assert "> the vpn drops in the whole building, is it only me?" in reads(begun)
    thread = office.screen(office.ana, office.ana.dm("U0FRONT001"), begun["ts"])
    thread.waits_for("passed it to the specialists")
    assert len(office.tom.thread("general", ts)) == 1


def test_asked_about_what_asks_for_nothing_it_says_so_privately(office: Office) -> None:
    """No barging into a chat about lunch."""
    ts = office.tom.say("warehouse", "lunch at noon?")
    office.ana.shortcut("frontline.ask_about", "warehouse", ts)
    whisper(office.ana, "I find nothing in it that asks for help", "warehouse")
    office.settle()
    assert len(office.tom.thread("warehouse", ts)) == 1


def test_an_escalation_is_opened_from_a_message(office: Office) -> None:
    """Why and to whom; the requester's own message becomes the ticket."""
    ts = office.tom.say("warehouse", "the label scanner reads every second parcel as void")
    office.tom.shortcut("frontline.open_escalation", "warehouse", ts)
    office.tom.wait_for(office.tom.modal)
    assert office.tom.submit({"reason": " ", "tier": "L3"}) == {
        "reason": "Those who are called need to know why."
    }
    assert office.tom.submit({"reason": "The line stands still", "tier": "L3"}) is None
    card = office.card(office.priya, "every second parcel", "l3-engineering")
    assert "Opened by a person for L3: The line stands still" in card.top
    told = whisper(office.tom, "is with L3 now", "warehouse")
    thread = office.screen(office.tom, "warehouse", ts)
    thread.waits_for("the engineers who own the system (L3)")

    office.tom.shortcut("frontline.open_escalation", "warehouse", ts)
    office.tom.wait_for(office.tom.modal)
    assert office.tom.submit({"reason": "Still", "tier": "L2"}) is None
    whisper(office.tom, f"{number_of(told)} is with people already", "warehouse")

    office.ana.shortcut("frontline.open_escalation", "warehouse", ts)
    office.ana.wait_for(office.ana.modal)
    assert office.ana.submit({"reason": "Me too", "tier": "L2"}) is None
    whisper(office.ana, "That request belongs to somebody else", "warehouse")


def test_an_engineer_escalates_for_the_one_who_wrote(office: Office) -> None:
    """Mei sees Tom's message in #it-help: the ticket is his."""
    ts = office.tom.say("it-help", "good morning, all the monitors at gate four blink")
    office.settle()
    office.mei.shortcut("frontline.open_escalation", "it-help", ts)
    office.mei.wait_for(office.mei.modal)
    assert office.mei.submit({"reason": "Known bad batch", "tier": "L2"}) is None
    card = office.card(office.jonas, "gate four blink")
    assert "<@U0TOM00001>" in card.top
    assert "Known bad batch" in card.waits_for("Handoff of")
