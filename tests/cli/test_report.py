"""`frontline report`: what happened is counted, of few nothing is claimed, no word is private."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.desk.ids import Thread, TicketId, Ts
from bot.desk.learning import Draft, DraftId, Text
from bot.desk.tickets import EscalationState, Resolution, Settlement
from bot.desk.tiers import Tier
from bot.service.context import utc_now
from bot.store.codec import stamp
from bot.store.unit_of_work import Store
from tests import builders as a

if TYPE_CHECKING:
    from pathlib import Path

SECRETIVE = "my colleague harasses me"


def reported(db: Path, *words: str) -> dict[str, Any]:
    """Run the command; gives the figures by their names."""
    result = CliRunner().invoke(frontline, ["--db", str(db), "report", "--json", *words])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    return found | {"figures": {each["figure"]: each for each in found["figures"]}}


def rows(report: dict[str, Any], figure: str) -> dict[str, Any]:
    """Give the rows of a figure by what they are called."""
    return {row["label"].partition(":")[0]: row for row in report["figures"][figure]["rows"]}


def text(db: Path, *words: str) -> str:
    """Run the command for people."""
    result = CliRunner().invoke(frontline, ["--db", str(db), "report", *words])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def desk(tmp_path: Path) -> Store:
    """One ticket of each ending, one restricted, one asked directly; some links are known."""
    store = Store(tmp_path / "desk.db", utc_now)
    store.migrate()
    with store.unit_of_work() as uow:

        def opened(number: int, words: str, channel: str = a.IT_HELP) -> Any:
            ts = Ts(f"{utc_now().timestamp() - 4:.0f}.{number:06}")
            ticket = uow.tickets.open(Thread(a.TEAM, channel, ts), a.ANA, words, ts)  # type: ignore[arg-type]
            uow.audit.note(ticket.id, a.ANA, "opened", "escalate" if number == 3 else "answer")
            return ticket

        def settled(ticket: Any, how: Resolution) -> None:
            uow.tickets.save(ticket.resolved(how))
            uow.audit.note(ticket.id, a.ANA, "resolved", how)

        settled(opened(1, "the badge fails").answered_with("badge"), Resolution.ARTICLE)
        settled(opened(2, "how do I print").answered_with("printer"), Resolution.NO_REPLY)
        called = opened(3, "the scanner hums")
        escalation = uow.escalations.open(called.id, Tier.L2, "l2", ("Needs a person: .9",))
        taken = escalation.taken_by(a.TOM)
        uow.escalations.save(taken, was=EscalationState.PENDING)
        uow.audit.note(called.id, a.TOM, "taken")
        end = Settlement(a.TOM, "Dust", "Cleaned it", right_tier=Tier.L2)
        uow.escalations.save(taken.resolved(end), was=EscalationState.ACKNOWLEDGED)
        settled(called.escalated(), Resolution.L2)
        kept = opened(4, SECRETIVE).routed("confidential", "l2")
        settled(kept.answered_with("badge"), Resolution.ARTICLE)
        settled(
            opened(5, "where is my payslip", a.DIRECT).answered_with("payslip"), Resolution.ARTICLE
        )
    with store.unit_of_work() as uow:
        uow.audits._db.execute(
            "INSERT INTO workspaces VALUES (?, 'https://larkfield.slack.com/')", [a.TEAM]
        )
    return store


def test_each_ending_is_counted_where_it_belongs(desk: Store) -> None:
    """And confirmed and silent stand apart."""
    report = reported(desk.path)
    assert report["requests"] == 4
    assert rows(report, "deflection")["confirmed"]["share"]["hits"] == 2
    assert rows(report, "deflection")["silent"]["share"]["hits"] == 1
    assert rows(report, "first")["called people"]["share"]["hits"] == 1
    assert rows(report, "resolution").keys() == {"L1 no priority", "L2 no priority"}
    assert rows(report, "on_call")["U0TOM00001 (l2)"]["taken"] == 1
    assert report["figures"]["first_response"]["rows"][0]["time"]["of"] == 3


def test_what_is_restricted_is_nowhere_and_what_is_direct_is_no_link(desk: Store) -> None:
    """Neither its words nor its number, in any form of the report."""
    page = desk.path.with_name("desk.html")
    told = text(desk.path) + json.dumps(reported(desk.path, "--html", str(page)))
    told += page.read_text()
    assert "T-1004" not in told
    assert SECRETIVE not in told
    assert "payslip?" not in told
    assert "where is my" not in told
    links = {
        example["ticket"]: example["link"]
        for figure in reported(desk.path)["figures"].values()
        for row in figure["rows"]
        for example in row["examples"]
    }
    assert links["T-1005"] is None
    assert str(links["T-1001"]).startswith(f"https://larkfield.slack.com/archives/{a.IT_HELP}/p")


def test_each_figure_is_defined_in_a_line(desk: Store) -> None:
    """Whoever reads it knows what was counted."""
    for figure in reported(desk.path)["figures"].values():
        assert 20 < len(figure["definition"]) < 240
        assert "\n" not in figure["definition"]


def test_of_few_no_share_is_claimed(desk: Store) -> None:
    """Two of two is no hundred percent."""
    assert "too few for a share" in text(desk.path)
    assert "100%" not in text(desk.path)


def test_an_empty_desk_says_so(tmp_path: Path) -> None:
    """Each figure in one line, and nothing is divided by nothing."""
    store = Store(tmp_path / "empty.db", utc_now)
    store.migrate()
    page = tmp_path / "empty.html"
    assert text(store.path, "--html", str(page)).startswith("0 requests")
    assert "No request came in this period." in page.read_text()
    report = reported(store.path)
    assert all(each["note"] and not each["rows"] for each in report["figures"].values())


def test_a_ticket_of_tomorrow_is_left_out_and_said(desk: Store) -> None:
    """The clock was set back meanwhile."""
    with desk.unit_of_work() as uow:
        at = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="microseconds")
        uow.audits._db.execute("UPDATE tickets SET opened_at = ? WHERE id = 1003", [at])
    report = reported(desk.path)
    assert report["requests"] == 3
    assert any("1 request is dated after" in note for note in report["notes"])


def test_a_time_that_runs_backwards_is_left_out_and_said(desk: Store) -> None:
    """It would be negative."""
    with desk.unit_of_work() as uow:
        at = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="microseconds")
        uow.audits._db.execute("UPDATE escalations SET updated_at = ?", [at])
    report = reported(desk.path)
    assert any("negative" in note for note in report["notes"])
    assert rows(report, "resolution")["L2 no priority"]["time"]["of"] == 0


@pytest.mark.parametrize("since", ["soon", "0d", "", "-3d", "5000000d"])
def test_what_is_no_length_of_time_is_refused(desk: Store, since: str) -> None:
    """In one line that says how it is written."""
    result = CliRunner().invoke(frontline, ["--db", str(desk.path), "report", "--since", since])
    assert result.exit_code == 2
    assert "length of time" in result.output or "longer than" in result.output
    assert "Traceback" not in result.output


def test_a_missing_database_is_named(tmp_path: Path) -> None:
    """It is not made by the way."""
    where = tmp_path / "none.db"
    result = CliRunner().invoke(frontline, ["--db", str(where), "report"])
    assert result.exit_code == 1
    assert "There is no database" in result.output
    assert not where.exists()


WORDS = [
    '<script>alert(1)</script> & "more"', '=HYPERLINK("http://x")', "كيف أحصل على بطاقة؟",
    "社員証を更新するには", "Wie bekomme ich einen <b>Parkausweis</b>?",
]  # fmt: skip


@pytest.mark.parametrize("words", WORDS)
def test_a_gap_in_any_words_is_data(desk: Store, words: str) -> None:
    """In the page, in JSON, and in the terminal; of a restricted ticket there is none."""
    with desk.unit_of_work() as uow:
        db = uow.audits._db
        db.execute("UPDATE tickets SET question = ? WHERE id = 1003", [words])
        for gap, ticket in ((1, 1003), (2, 1004)):
            db.execute("INSERT INTO gaps (id, typical, made_at) VALUES (?, ?, '')", [gap, ticket])
            db.execute("INSERT INTO gap_questions VALUES (?, ?)", [ticket, gap])
    page = desk.path.with_name("desk.html")
    report = reported(desk.path, "--html", str(page))
    (row,) = report["figures"]["gaps"]["rows"]
    assert row["label"] == words
    assert row["asked"] == 1
    assert escape(words) in page.read_text("utf-8")
    assert "<script" not in page.read_text("utf-8")
    assert words in text(desk.path)


def test_a_gap_is_named_by_what_it_is_about(desk: Store) -> None:
    """As in the weekly list and in the terminal, without how somebody began."""
    words = "URGENT!!! Hi Lena, where do I renew my parking card? Thanks a lot"
    with desk.unit_of_work() as uow:
        db = uow.audits._db
        db.execute("UPDATE tickets SET question = ? WHERE id = 1003", [words])
        db.execute("INSERT INTO gaps (id, typical, made_at) VALUES (1, 1003, '')")
        db.execute("INSERT INTO gap_questions VALUES (1003, 1)")
    (row,) = reported(desk.path)["figures"]["gaps"]["rows"]
    assert row["label"] == "Where do I renew my parking card?"


def test_what_became_of_drafts_and_what_the_published_changed(desk: Store) -> None:
    """Made, published, put away, undecided; of a restricted ticket there is none. A click away."""
    page = desk.path.with_name("desk.html")
    with desk.unit_of_work() as uow:
        drafts = [
            uow.drafts.propose(
                Draft(
                    DraftId(0), TicketId(each), "l2", Text(f"No {each}", (), "So."), f"no-{each}",
                    "general", (TicketId(each),), utc_now(),
                )
            )
            for each in (1001, 1002, 1003, 1003, 1004)
        ]  # fmt: skip
        uow.drafts.save(drafts[0].published("no-1001", a.TOM))
        uow.drafts.save(drafts[1].dismissed(a.TOM))
        uow.drafts.save(drafts[2].merged("badge", a.TOM))
        uow.drafts.save(drafts[4].published("no-1004", a.TOM))
        uow.audits._db.execute(
            "UPDATE tickets SET articles_shown = '[\"badge\"]', opened_at = ? WHERE id = 1002",
            [stamp(utc_now())],
        )
    report = reported(desk.path, "--html", str(page))
    became = rows(report, "drafts")
    assert [(label, row["share"]["hits"], row["share"]["of"]) for label, row in became.items()] == [
        ("published, or made part of an article", 2, 4),
        ("not worth it", 1, 4),
        ("wait for a decision", 1, 4),
    ]
    changed = rows(report, "effect")
    assert changed.keys() == {"no-1001", "badge", "all together"}
    assert (changed["badge"]["before"], changed["badge"]["shown"]) == (1, 1)
    assert [each["ticket"] for each in changed["all together"]["examples"]] == ["T-1003", "T-1001"]
    assert [each["ticket"] for each in became["not worth it"]["examples"]] == ["T-1002"]
    told = text(desk.path)
    assert "What published drafts changed" in told
    assert "What published drafts changed" in page.read_text("utf-8")
    assert "T-1004" not in told


def test_what_went_into_one_article_by_two_drafts_is_counted_once(desk: Store) -> None:
    """Its tickets, and each time that it was shown."""
    with desk.unit_of_work() as uow:
        for _ in range(2):
            draft = uow.drafts.propose(
                Draft(
                    DraftId(0), TicketId(1003), "l2", Text("No", (), "So."), "no-1003",
                    "general", (TicketId(1003),), utc_now(),
                )
            )  # fmt: skip
            uow.drafts.save(draft.merged("badge", a.TOM))
        uow.audits._db.execute(
            "UPDATE tickets SET articles_shown = '[\"badge\"]', opened_at = ? WHERE id = 1002",
            [stamp(utc_now())],
        )
    changed = rows(reported(desk.path), "effect")
    assert changed.keys() == {"badge"}
    assert (changed["badge"]["before"], changed["badge"]["shown"]) == (1, 1)


def test_where_no_draft_was_made_it_says_so(desk: Store) -> None:
    """Instead of shares of nothing."""
    figures = reported(desk.path)["figures"]
    assert [figures[each]["rows"] for each in ("drafts", "effect")] == [[], []]
    assert figures["drafts"]["note"]


def test_what_was_not_right_is_a_click_away(desk: Store) -> None:
    """Of what engineers found, and of what requesters said; nothing restricted among it."""
    with desk.unit_of_work() as uow:
        db = uow.audits._db
        for ticket in (1001, 1004):
            db.execute(
                "INSERT INTO looked_over (ticket, article, asked_at, is_right) "
                "SELECT id, 'badge', opened_at, 0 FROM tickets WHERE id = ?", [ticket]
            )  # fmt: skip
        failed = "UPDATE tickets SET articles_failed = articles_shown WHERE id IN (1002, 1004)"
        db.execute(failed)
    engineers, requesters = reported(desk.path)["figures"]["precision"]["rows"]
    assert [each["ticket"] for each in engineers["examples"]] == ["T-1001"]
    assert [each["ticket"] for each in requesters["examples"]] == ["T-1002"]
    assert (engineers["share"]["of"], requesters["share"]["of"]) == (1, 3)
