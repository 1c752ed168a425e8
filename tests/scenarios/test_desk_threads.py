"""Stories of the escalation's thread, seen from both sides of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.scenarios.office import Office

SEND = "frontline.send_to_requester"


def test_l2_asks_l3_returns_it_and_the_requester_confirms(office: Office) -> None:
    """The plain path through every room, with what was learnt written down."""
    asked = office.ask(office.ana, "The vpn drops in the archive room")
    card = office.card(office.mei, "archive room")
    assert (
        "[Take it]\n[Acknowledge for 30 minutes]\n[Resolve]\n[Escalate to L3]\n[More…]" in card.top
    )
    card.press("Take it")
    card.top_becomes("taken by <@U0MEI00001>")

    card.choose("Ask the requester")
    assert card.fill({"text": " "}) == {"text": "Please write what you need to know."}
    assert card.fill({"text": "On which shelf? <!channel>"}) is None
    question = asked.waits_for("*<@U0MEI00001> (L2) asks:*")
    assert "> On which shelf? &lt;!channel&gt;" in question
    card.top_becomes("waiting for <@U0ANA00001> since")
    card.waits_for("sent to the requester")
    asked.say("The upper one")
    card.waits_for("> The upper one")
    office.settle()
    assert "waiting for" not in card.top

    written = card.say("I think it is the router")
    office.settle()
    assert asked.count("I think it is the router") == 0
    office.mei.shortcut(SEND, card.channel, written)
    asked.waits_for("> I think it is the router")

    card.press("Escalate to L3")
    assert card.fill({"findings": "The router answers"}) is None
    theirs = office.card(office.priya, "archive room", "l3-engineering")
    theirs.press("Take it")
    theirs.top_becomes("taken by <@U0PRIYA001>")
    theirs.press("Return to L2")
    assert theirs.fill({"reason": "A cable, not the code"}) is None
    theirs.top_becomes("returned to L2")
    asked.waits_for("passed it back to the specialists on call")
    back = office.card(office.mei, "Returned by L3: A cable, not the code")
    assert "meant for <@U0MEI00001>" in back.top
    assert "> A cable, not the code" in back.waits_for("*Findings of <@U0PRIYA001>*")

    back.press("Resolve")
    wrote = {
        "cause": "A bent cable", "fix": "A new cable", "prevention": "A longer one",
        "right_tier": "L1", "article_wanted": ["yes"], "article_words": "Look at the cable",
    }  # fmt: skip
    assert back.fill(wrote) is None
    top = back.top_becomes(":white_check_mark: resolved")
    assert "> A longer one" in top
    assert "It should have gone to L1. An article should say so." in top
    assert office.rows("SELECT label, labelled_by FROM labels") == [("L1", "U0MEI00001")]

    asked.press("It is fixed")
    asked.waits_for("One click is enough")
    asked.press("★★★★")
    asked.waits_for("★★★★☆ Thank you.")
    asked.press("Add a remark")
    assert asked.fill({"text": "Thanks, Mei"}) is None
    assert "★★★★☆ Thank you." in asked.waits_for("> Thanks, Mei")
    back.waits_for("confirms that it is fixed")
    assert office.rows("SELECT stars, remark FROM ratings") == [(4, "Thanks, Mei")]


def test_a_duplicates_requester_is_told_the_end_and_the_next_handoff_knows_it(
    office: Office,
) -> None:
    """Two ask, one is worked on, both hear of it; the third engineer reads what fixed it."""
    office.ask(office.ana, "The vpn drops while uploading invoices to the ledger")
    first = office.card(office.mei, "uploading invoices")
    number = first.number()
    second_asked = office.ask(office.tom, "My vpn drops when invoices go to the ledger, uploading")
    second = office.card(office.jonas, "when invoices go")
    assert f"*{number}* (L2, nobody has it yet)" in second.waits_for("much the same")

    second.choose("Duplicate of")
    office.jonas.wait_for(office.jonas.modal)
    offered = office.jonas.suggest("original", "uploading ledg")
    assert [each["value"] for each in offered] == [number]
    assert "The vpn drops while uploading invoices" in offered[0]["text"]["text"]
    assert office.jonas.suggest("original", "no such words") == []
    assert office.jonas.suggest("original", number) == offered
    assert second.fill({"original": {"selected_option": offered[0]}}) is None
    second_asked.waits_for(f"is the same as {number}")
    second.top_becomes(f"the same as {number}")
    first.waits_for("its requester is told the end too")

    first.press("Why?")
    assert first.fill({"label": "L1", "article": "no-such-article"}) == {
        "article": "There is no article of this id."
    }
    assert first.fill({"label": "L1", "article": "reset-password"}) is None
    first.waits_for("triage should have said")
    labels = office.rows("SELECT label, article, labelled_by FROM labels")
    assert ("L1", "reset-password", "U0MEI00001") in labels

    first.press("Resolve")
    assert first.fill({"cause": "A full queue", "fix": "Emptied it"}) is None
    assert f"has resolved {number}, the same as your" in second_asked.waits_for("> Emptied it")
    second_asked.press("It is fixed")
    second_asked.waits_for("You said that it is fixed")

    office.ask(office.jonas, "Again the vpn drops uploading invoices to the ledger")
    third = office.card(office.mei, "Again the vpn")
    handoff = third.waits_for("Settled before, and what fixed it")
    assert f"*{number}*" in handoff
    assert "fixed by: Emptied it" in handoff
    third.choose("Duplicate of")
    office.mei.wait_for(office.mei.modal)
    (offered,) = office.mei.suggest("original", number)
    assert offered["description"]["text"] == "resolved: its end is told at once"
    office.mei.close_modal()


def test_hand_over_priority_and_mute_are_for_the_group(office: Office) -> None:
    """Each is shown on the card; a stranger's shortcut is refused in private."""
    office.ask(office.priya, "The vpn drops in the lift")
    card = office.card(office.mei, "in the lift")
    card.press("Take it")
    card.top_becomes("taken by <@U0MEI00001>")
    card.press("Hand over")
    assert card.fill({"target": "U0ANA00001"}) == {
        "target": "They are not in the group @l2-oncall. Choose a member of it."
    }
    assert card.fill({"target": "U0JONAS001"}) is None
    card.top_becomes("taken by <@U0JONAS001>")
    card.choose("Priority")
    assert card.fill({"priority": "P1"}) is None
    card.top_becomes("*P1*: set by a person")
    card.choose("Stop reminding the requester")
    card.top_becomes("muted: no reminders")
    office.settle()
    office.mei.shortcut(SEND, card.channel, card.messages[0]["ts"])
    card.waits_for_whisper("has no words of a person in it")
