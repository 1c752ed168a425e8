"""`frontline kb needs-update`: which articles, and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner

from bot.cli import frontline
from bot.desk.ids import Thread, Ts
from bot.desk.tickets import EscalationState, Settlement
from bot.desk.tiers import Tier
from bot.service.context import utc_now
from bot.store.unit_of_work import Store
from tests import builders as a

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def run(path: Path, *words: str) -> Result:
    """Run the command on a database."""
    return CliRunner().invoke(frontline, ["--db", str(path), "kb", "needs-update", *words])


def test_an_article_is_listed_with_its_evidence_until_it_is_done(tmp_path: Path) -> None:
    """For people, and for scripts; without secrets."""
    store = Store(tmp_path / "desk.db", utc_now)
    store.migrate()
    with store.unit_of_work() as uow:
        ts = Ts("1772452800.000100")
        ticket = uow.tickets.open(Thread(a.TEAM, a.IT_HELP, ts), a.ANA, "no tunnel", ts)
        uow.tickets.save(ticket.shown_meanwhile(a.VPN).article_failed(a.VPN))
        escalation = uow.escalations.open(ticket.id, Tier.L2, "l2", ("why",))
        said = Settlement(a.TOM, "port", "443", article_words="password=hunter2-hunter2, say 443")
        uow.escalations.save(escalation.resolved(said), was=EscalationState.PENDING)
    told = run(store.path).stdout
    assert "an edit is proposed" in told
    assert "T-1001 proposes:" in told
    assert "hunter2" not in told
    row = json.loads(run(store.path, "--json").stdout)
    assert (row["article"], row["proposed"][0]["ticket"]) == (a.VPN, "T-1001")
    assert run(store.path, "--done", a.VPN).stdout == ""
    assert run(store.path).stdout == ""
