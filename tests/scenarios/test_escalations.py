"""Stories with people in them: what the requester, L2 and L3 each see."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.playground import Person
    from tests.scenarios.office import Office
    from tests.scenarios.screen import Screen


def resolve(card: Screen, cause: str, fix: str) -> None:
    """Press *Resolve* and fill the modal in."""
    card.press("Resolve")
    card.person.wait_for(card.person.modal)
    assert card.person.submit({"cause": cause, "fix": fix}) is None


def test_l2_takes_it_resolves_it_and_hears_that_it_is_not_fixed(office: Office) -> None:
    """Escalated, taken, resolved, told; then not fixed, and back to the group."""
    asked = office.ask(office.ana, "The vpn drops every twenty minutes since Monday")
    told = asked.waits_for("passed it to the specialists on call (L2)")
    assert "This needs a person to look into it." in told
    assert "[It is solved, thanks]" in told

    card = office.card(office.mei, "every twenty minutes")
    assert "nobody has taken it yet" in card.top
    assert "<@U0ANA00001>" in card.top
    assert card.top.startswith("The vpn drops every twenty minutes since Monday\n")
    assert "*Why a person:* By its words it needs a person." in card.top
    behind = card.why()
    assert "Needs a person: 9" in behind
    assert f"*{card.number()}*" in behind
    assert "every twenty minutes" in behind
    assert "<!subteam^S0L2ONCALL>" in card.top
    assert "/archives/C0ITHELP01/p" in card.top
    assert "[Take it]\n[Acknowledge for 30 minutes]\n[Resolve]\n[Escalate to L3]" in card.top
    assert office.cards(office.priya, "every twenty minutes", "l3-engineering") == []

    card.press("Take it")
    card.top_becomes("taken by <@U0MEI00001>")
    assert "[Take it]" not in card.seen_by(office.jonas).top
    asked.waits_for("<@U0MEI00001> (L2) has taken T-")

    resolve(card, "An old profile", "Removed it & imported the new one <today>")
    settled = asked.waits_for("<@U0MEI00001> (L2) has resolved T-")
    assert "An old profile" not in settled, "the cause is for engineers, unless it is marked"
    assert "> Removed it &amp; imported the new one &lt;today&gt;" in settled
    top = card.top_becomes(":white_check_mark: resolved")
    assert "> An old profile" in top
    assert "[Resolve]" not in top
    card.waits_for("resolved it. What fixed it:")

    asked.press("It is not fixed")
    asked.waits_for("I am sorry that it is not fixed")
    asked.waits_for("You said that it is not fixed")
    card.waits_for("says that it is not fixed")
    again = office.card(office.jonas, "Not fixed after all")
    assert again.ts != card.ts
    assert "every twenty minutes" in again.top
    assert "[Take it]" in again.top
    handoff = again.waits_for("*Findings of <@U0MEI00001>*")
    assert "> Was: An old profile" in handoff


def test_a_whole_site_that_stands_still_goes_straight_to_l3(office: Office) -> None:
    """Straight to L3: L2 is not called, and the card offers no way further up."""
    asked = office.ask(office.tom, "The order system is down for all of Rotterdam")
    asked.waits_for("the engineers who own the system (L3)")
    card = office.card(office.priya, "all of Rotterdam", "l3-engineering")
    assert "<!subteam^S0L3ONCALL>" in card.top
    assert "Escalate to L3" not in card.top
    assert office.cards(office.mei, "all of Rotterdam") == []

    card.press("Take it")
    asked.waits_for("<@U0PRIYA001> (L3) has taken")
    resolve(card, "A full disk", "Freed it")
    asked.waits_for("<@U0PRIYA001> (L3) has resolved")


def test_l2_passes_on_to_l3_with_findings_and_l3_resolves(office: Office) -> None:
    """The findings reach L3; the requester hears of each step; L2's card tells where it went."""
    asked = office.ask(office.ana, "The vpn drops when I open the ledger")
    card = office.card(office.mei, "open the ledger")
    card.press("Take it")
    card.top_becomes("taken by")
    card.press("Escalate to L3")
    office.mei.wait_for(office.mei.modal)
    assert office.mei.submit({"findings": " "}) == {
        "findings": "L3 needs to know what you found so far."
    }
    assert office.mei.submit({"findings": "The ledger's gateway resets it"}) is None

    asked.waits_for("passed T-", 1)
    asked.waits_for("on to the engineers who own the system (L3)")
    assert "[Resolve]" not in card.top_becomes("passed on to L3")
    card.waits_for("passed it on to L3. Findings:")

    theirs = office.card(office.priya, "open the ledger", "l3-engineering")
    assert "Passed on by L2: The ledger's gateway resets it" in theirs.top
    handoff = theirs.waits_for("*Findings of <@U0MEI00001>*")
    assert "> The ledger's gateway resets it" in handoff
    assert "<@U0ANA00001>: The vpn drops when I open the ledger" in handoff

    resolve(theirs, "A timeout of ten seconds", "Raised it")
    asked.waits_for("<@U0PRIYA001> (L3) has resolved")
    office.settle()
    assert asked.count("has resolved") == 1
    assert ":white_check_mark: resolved" in theirs.top
    assert "passed on to L3" in card.top


def test_two_engineers_press_at_once_and_one_wins(office: Office) -> None:
    """The other is told who has it, and only the other; the requester hears it once."""
    asked = office.ask(office.ana, "The vpn drops in the tower")
    card = office.card(office.mei, "in the tower")
    office.settle()
    office.fault("slow", "chat.update", seconds=0.5)
    message, together = card.messages[0], Barrier(2)

    def press(engineer: Person) -> None:
        together.wait(10)
        card.seen_by(engineer).press_on(message, "Take it")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(press, (office.mei, office.jonas)))
    asked.waits_for("has taken")
    office.settle()
    top = card.top
    winner, other = (
        (office.mei, office.jonas)
        if "taken by <@U0MEI00001>" in top
        else (office.jonas, office.mei)
    )
    assert f"taken by <@{winner.id}>" in top
    number = card.number()
    refusal = f"{number} has already been taken by <@{winner.id}>."
    assert card.seen_by(other).waits_for_whisper(number) == refusal
    assert refusal not in card.seen_by(winner).whispers()
    assert asked.count("has taken") == 1
    assert f"<@{winner.id}> (L2) has taken" in asked.waits_for("has taken")


def test_a_gap_in_the_articles_goes_to_l2_and_is_called_one(office: Office) -> None:
    """Nothing fits: a person, and the reason is said to both sides."""
    asked = office.ask(office.tom, "The crane will not greet the new forklift")
    assert "I have no article that answers this." in asked.waits_for("passed it to")
    card = office.card(office.mei, "new forklift")
    assert "*Why a person:* No article answers it." in card.top
    assert "Knowledge gap: no article fits" in card.why()


def test_a_strong_article_helps_meanwhile(office: Office) -> None:
    """A person is called, and the article is shown all the same; solving it ends the call."""
    asked = office.ask(office.ana, "I am locked again, third time today")
    told = asked.waits_for("This needs a person")
    assert "Meanwhile, this may help:" in told
    assert "Reset your password" in told
    card = office.card(office.mei, "third time today")
    assert "*Shown:* `reset-password`" in card.top
    assert "`reset-password`" in card.waits_for("Articles shown")
    asked.press("It is solved, thanks")
    asked.waits_for("Glad that it is solved")
    card.waits_for("says that it is solved; nobody is needed any more")
    assert "[Take it]" not in card.top_becomes("resolved")


def test_what_the_requester_adds_reaches_the_engineers(office: Office) -> None:
    """It appears in the escalation's thread, and is marked as seen; nothing is answered twice."""
    asked = office.ask(office.ana, "The vpn drops on the balcony")
    card = office.card(office.mei, "on the balcony")
    card.press("Take it")
    asked.waits_for("has taken")
    office.settle()
    before = len(asked.replies)
    added = asked.say("It says <error 42> & then nothing")
    note = card.waits_for("<@U0ANA00001> writes:")
    assert "> It says &lt;error 42&gt; &amp; then nothing" in note
    office.ana.wait_for(lambda: asked.marks(added) == ["eyes"])
    office.settle()
    assert len(asked.replies) == before + 1


def test_what_others_add_to_the_requesters_thread_reaches_the_engineers_too(
    office: Office,
) -> None:
    """A colleague's remark is passed on; the engineer's own words to the requester are not lost."""
    asked = office.ask(office.ana, "The vpn drops at the window seat")
    card = office.card(office.mei, "window seat")
    asked.seen_by(office.tom).say("same here, by the way")
    assert "<@U0TOM00001> writes:" in card.waits_for("same here, by the way")
    assert asked.waits_for("same here, by the way")


def test_the_engineers_own_talk_stays_internal(office: Office) -> None:
    """What is said in the escalation's thread reaches no requester; a mention is explained."""
    asked = office.ask(office.ana, "The vpn drops in the archive")
    card = office.card(office.mei, "in the archive")
    office.settle()
    before, here = asked.replies, len(card.replies)
    card.say("she has that ancient laptop again")
    card.seen_by(office.jonas).say("the vpn drops on all of those")
    office.settle()
    assert asked.replies == before
    assert len(card.replies) == here + 2

    card.say("@frontline what do you think?")
    card.waits_for("nothing written here reaches the requester")
    office.settle()
    assert asked.replies == before
    assert len(office.cards(office.mei, "in the archive")) == 1


def test_empty_fields_of_the_modal_are_refused_beside_the_field(office: Office) -> None:
    """Field errors; the modal stays open, and nothing is resolved."""
    asked = office.ask(office.ana, "The vpn drops in the lift")
    card = office.card(office.mei, "in the lift")
    card.press("Resolve")
    office.mei.wait_for(office.mei.modal)
    assert office.mei.submit({"cause": "", "fix": "x"}) is not None
    assert office.mei.submit({"cause": "  ", "fix": " \n "}) == {
        "cause": "Please say what it was, in a few words.",
        "fix": "Please say what fixed it; the requester reads this.",
    }
    assert office.mei.modal() is not None
    assert office.mei.submit({"cause": "The lift", "fix": "Took the stairs"}) is None
    assert office.mei.modal() is None
    asked.waits_for("has resolved")
    assert "[It is not fixed]" in asked.waits_for("Took the stairs")


def test_words_after_the_end_reopen_the_ticket(office: Office) -> None:
    """Not only the button: a new complaint in a settled thread calls the group again."""
    asked = office.ask(office.ana, "The vpn drops in the garden")
    card = office.card(office.mei, "in the garden")
    resolve(card, "Trees", "Moved the antenna")
    asked.waits_for("has resolved")
    office.settle()
    asked.say("the vpn drops again, same place")
    asked.waits_for("I am sorry that it is not fixed")
    again = office.card(office.mei, "Not fixed after all")
    assert again.ts != card.ts
    assert "the vpn drops again, same place" in again.waits_for("Handoff of")
