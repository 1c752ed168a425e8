"""Which articles need an update, and by what evidence."""

from __future__ import annotations

import pytest

from bot.desk.ids import TicketId
from bot.desk.learning import Word, ailing_of


def words(article: str, solved: int, *steps: int | None) -> list[Word]:
    """So many whom it helped, and for each other one the step at which it failed."""
    helped = [Word(article, TicketId(2_000 + n), solved=True) for n in range(solved)]
    return helped + [
        Word(article, TicketId(1_000 + n), solved=False, step=step) for n, step in enumerate(steps)
    ]


@pytest.mark.parametrize(
    ("solved", "failed", "needs"),
    [(0, 2, False), (0, 3, True), (3, 3, False), (2, 3, True), (3, 4, True), (30, 10, False),
     (20, 20, True), (100, 3, False)],
)  # fmt: skip
def test_an_article_needs_an_update_where_it_surely_fails_too_often(
    solved: int, failed: int, *, needs: bool
) -> None:
    """Two failures are chance; three of a hundred are none too many."""
    assert bool(ailing_of(words("vpn", solved, *[None] * failed))) is needs


def test_the_evidence_is_the_step_and_the_latest_tickets() -> None:
    """The worst article first."""
    worse = words("mail", 0, None, None, None, None, None, None)
    found = ailing_of([*words("vpn", 1, 3, None, 3, 2, 3), *worse, *words("fine", 9, 1)])
    assert [each.article for each in found] == ["mail", "vpn"]
    assert (found[1].failed, found[1].told, found[1].step) == (5, 6, 3)
    assert found[1].tickets[0] == 1_004
    assert found[0].step is None
    assert len(found[0].tickets) == 5
