"""Do people write in languages that the encoder does not read?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from kb.encoding.encoder import Encoder

SINCE = timedelta(days=30)
LATEST = 1_000
"""Of so many questions the language is guessed: a tenth of a millisecond each."""

FEWEST, SHARE = 20, 0.1
"""A few questions say nothing; below this share another language is an exception."""


def language_findings(
    db: Path, encoder: Encoder, now: datetime
) -> Iterator[tuple[str, bool | None, str]]:
    """Name the share of the last month's questions that search cannot read; none where few."""
    from bot.store.codec import stamp
    from bot.store.database import reading, server_of
    from bot.store.health import is_current
    from kb.encoding.languages import is_foreign
    from kb.encoding.unread import reads_english_alone

    if not reads_english_alone(encoder):
        return
    try:
        there = db.exists() if server_of(db) is None else is_current(db)
    except FrontlineError:
        # A server that cannot be used was named by the check of the database.
        return
    if not there:
        return
    with reading(db) as desk:
        asked = desk.execute(
            "SELECT question FROM tickets WHERE opened_at >= ? ORDER BY id DESC LIMIT ?",
            [stamp(now - SINCE), LATEST],
        ).fetchall()
    foreign = sum(is_foreign(str(row[0])) for row in asked)
    if len(asked) < FEWEST or foreign < SHARE * len(asked):
        return
    says = (
        f"{foreign} of the last {len(asked)} questions were not in English, which is all that the "
        "encoder reads: articles are hardly found by them. Take `encoder` out of [knowledge], then "
        "`frontline classifier train` and `frontline kb sync PATH`."
    )
    yield "languages", None, says
