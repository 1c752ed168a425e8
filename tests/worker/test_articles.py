"""What other machines wrote is taken up by the clock."""

from __future__ import annotations

from bot.worker import ArticleKeeper


def test_what_fails_does_not_hold_up_what_is_looked_at_besides() -> None:
    """The server is away for a moment: the next look tries again."""
    taken: list[str] = []

    def away() -> None:
        taken.append("tried")
        raise OSError("away")

    keeper = ArticleKeeper(away, lambda: taken.append("up"))
    keeper.step()
    keeper.step()
    assert taken == ["tried", "up"] * 2
