"""What addresses nobody is not kept, and what was said directly is quoted to nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.scenarios.office import BOT

if TYPE_CHECKING:
    from tests.scenarios.office import Office


def test_talk_that_addresses_nobody_is_in_no_table(office: Office) -> None:
    """Every text column of every table is looked at, after such talk, an edit and a deletion."""
    talk = office.ask(office.ana, "@tom the marmalade is in the second cupboard")
    other = office.ask(office.tom, "heron spotted on the roof", "warehouse")
    office.settle()
    office.ana.edit("it-help", talk.ts, "@tom the marmalade is in the third cupboard")
    office.tom.delete("warehouse", other.ts)
    office.settle()
    for words in ("marmalade", "heron"):
        assert office.holding(words) == set()


def test_a_direct_message_is_not_quoted_to_others(office: Office) -> None:
    """Those who handle it read it; in similar cases, lists and searches it has no words."""
    dm = office.ana.dm(BOT)
    office.ask(office.ana, "The vpn drops whenever my divorce lawyer calls me", dm)
    card = office.card(office.mei, "divorce lawyer")
    assert "divorce lawyer" in card.top
    office.settle()
    office.ask(office.tom, "The vpn drops whenever the divorce lawyer in finance calls me")
    theirs = office.card(office.mei, "in finance")
    assert "asked in a direct message" in theirs.waits_for("Handoff of")
    assert "my divorce lawyer" not in str(theirs.messages)
    office.settle()
    for reader, sees_it in ((office.priya, False), (office.mei, True)):
        reader.command("it-help", "/helpdesk search divorce")
        told = office.screen(reader, "it-help", "0").waits_for_whisper("in finance")
        assert ("my divorce lawyer" in told) is sees_it
