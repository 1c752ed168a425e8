"""Articles need an update where they fail, an edit is proposed, or a link is outdated."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.admission import Standing
from bot.desk.deciding import Action
from bot.desk.ids import UserId
from bot.desk.learning import Ailing, DismissDraft, DraftId, GapReport, evidence
from bot.desk.tickets import Resolve
from bot.desk.tiers import Tier
from bot.service.learning.gaps import plan_gap_reports
from bot.service.learning.updating import ailing, links_of, look_at_links, look_for_ailing
from bot.slack.blocks.rendering import render
from kb.articles import Article
from tests import builders as a

if TYPE_CHECKING:
    from bot.desk.ids import TicketId
    from tests.service.conftest import Office

DAY = timedelta(days=1).total_seconds()
GONE, FINE = "https://pages.example/gone", "https://pages.example/fine"
BODY = f"See <{FINE}>, and [the form]({GONE}). Or {GONE}, again."
GUIDE = Article("guide", "A guide", "x", "l2", (), BODY)


def found(office: Office) -> tuple[Ailing, ...]:
    """What needs an update now."""
    with office.desk.look() as uow:
        return ailing(uow, office.clock())


def settle_what_failed(office: Office, *, words: str = "Say that port 443 is meant") -> TicketId:
    """Somebody's question, on which the VPN article failed; an engineer would edit it."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.handle(a.message("the tunnel does not come up"))
    ticket = office.ticket()
    with office.store.unit_of_work() as uow:
        uow.tickets.save(ticket.shown_meanwhile(a.VPN).article_failed(a.VPN))
    at = a.spot(a.TOM, a.L2_CHANNEL, "5.1")
    number = office.escalation().id
    press = Resolve(at, number, "The port", "Use port 443 instead", article_words=words)
    office.handle(press)
    return ticket.id


def test_an_edit_that_is_proposed_is_evidence(office: Office) -> None:
    """Until somebody decided on its draft."""
    number = settle_what_failed(office)
    (each,) = found(office)
    assert (each.article, each.failed, each.proposed) == (a.VPN, 0, (number,))
    assert evidence(each) == ("an edit is proposed",)
    with office.desk.look() as uow:
        (edit,) = uow.ailments.proposed(a.NOON)
    assert edit.words == "Say that port 443 is meant"
    office.handle(DismissDraft(a.spot(a.MEI, a.L2_CHANNEL, "8.1"), DraftId(1)))
    assert found(office) == ()


@pytest.mark.parametrize("kind", ["restricted", "confidential", "forgotten"])
def test_what_may_not_be_quoted_proposes_nothing(office: Office, kind: str) -> None:
    """Whatever somebody wrote on it."""
    number = settle_what_failed(office)
    with office.store.unit_of_work() as uow:
        ticket = uow.tickets.get(number)
        assert ticket is not None
        changed = {
            "restricted": ticket.routed(None, "l2"),
            "confidential": ticket.routed("confidential"),
            "forgotten": ticket.reworded("(forgotten)"),
        }[kind]
        uow.tickets.save(changed)
    assert found(office) == ()


def test_what_was_looked_over_needs_new_evidence(office: Office) -> None:
    """Earlier words count no more."""
    settle_what_failed(office)
    office.clock.turn(DAY)
    with office.store.unit_of_work() as uow:
        uow.ailments.updated(a.VPN)
    assert found(office) == ()


def test_a_link_is_outdated_once_two_looks_say_so(office: Office) -> None:
    """At one its host may rest; what is fine again is so at once; silence changes nothing."""
    asked: list[str] = []
    answers = {GONE: "is not there any more (404)", FINE: ""}

    def look_at(url: str) -> str | None:
        asked.append(url)
        return answers[url]

    assert look_at_links(office.desk, [GUIDE], look_at) == 2
    assert (sorted(asked), found(office)) == ([FINE, GONE], ())
    office.clock.turn(DAY)
    assert look_at_links(office.desk, [GUIDE], look_at) == 1
    (each,) = found(office)
    assert evidence(each) == (f"{GONE} is not there any more (404)",)
    answers[GONE] = None  # type: ignore[assignment]
    office.clock.turn(DAY)
    look_at_links(office.desk, [GUIDE], look_at)
    assert len(found(office)) == 1
    answers[GONE] = ""
    office.clock.turn(DAY)
    look_at_links(office.desk, [GUIDE], look_at)
    assert found(office) == ()
    office.clock.turn(7 * DAY)
    assert look_at_links(office.desk, [GUIDE], look_at) == 2


@pytest.mark.parametrize(
    ("owner", "channel", "person"),
    [
        ("", a.L2_CHANNEL, None),
        ("People team", a.L2_CHANNEL, None),
        ("L3", a.L3_CHANNEL, None),
        ("@l3_oncall", a.L3_CHANNEL, None),
        (a.JONAS, a.L2_CHANNEL, a.JONAS),
        (f"<@{a.JONAS}>", a.L2_CHANNEL, a.JONAS),
        ("U0GONE0001", a.L2_CHANNEL, None),
    ],
)
def test_whose_an_article_is_reads_that_it_needs_an_update(
    office: Office, owner: str, channel: str, person: UserId | None
) -> None:
    """Its group in their channel; a person by name; where nobody is found, the first L2 group."""
    office.directory.standings = {UserId("U0GONE0001"): Standing.GONE}
    office.triager.owners = {a.VPN: owner}
    settle_what_failed(office)
    (row,) = office.apply(plan_gap_reports(office.desk))
    assert row.channel == channel
    assert isinstance(row.notice, GapReport)
    assert [(each.article, each.owner) for each in row.notice.ailing] == [(a.VPN, person)]
    shown = str(render(row.notice).blocks)
    assert (f"`{a.VPN}` (<@{person}>)" in shown) is (person is not None)


def test_a_link_that_is_written_no_more_is_let_go(office: Office) -> None:
    """The article was mended."""
    for _ in range(2):
        look_at_links(office.desk, [GUIDE], lambda _: "is not there any more (404)")
        office.clock.turn(DAY)
    assert len(found(office)) == 1
    look_at_links(office.desk, [replace(GUIDE, body="No link.")], lambda _: "")
    assert found(office) == ()


def test_home_shows_what_is_not_kept_to_some(office: Office) -> None:
    """As of the last look."""
    settle_what_failed(office)
    assert look_for_ailing(office.desk) == 1
    with office.desk.look() as uow:
        assert [each.article for each in uow.ailments.kept()] == [a.VPN]
    office.triager.only_for = {a.VPN: "managers"}
    assert look_for_ailing(office.desk) == 0


@pytest.mark.parametrize(
    ("body", "links"),
    [
        ("[a](https://x.example/a) and https://x.example/a", ["https://x.example/a"]),
        ("Go to https://x.example/a.", ["https://x.example/a"]),
        ("**https://x.example/a**", ["https://x.example/a"]),
        ("`https://x.example/a`|https://x.example/b|", ["https://x.example/a", "https://x.example/b"]),
        ("mailto:x@x.example and www.x.example", []),
        ("https://x.example/" + "a" * 600, []),
    ],
)  # fmt: skip
def test_addresses_are_found_as_they_are_written(body: str, links: list[str]) -> None:
    """In Markdown, in brackets, at the end of a sentence."""
    assert list(links_of(replace(GUIDE, body=body))) == links
