"""Every table says what keeps it from growing for good."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy
from bot.desk.privacy import Keeping
from bot.store.database import connect
from bot.store.keeping.retention import Retention
from tests import builders as a

if TYPE_CHECKING:
    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

BOUNDED = {
    "conversation": "[retention] messages",
    "outbox": "[retention] messages",
    "outbox_history": "[retention] messages",
    "inbox": "[retention] inbox",
    "inbox_history": "[retention] inbox",
    "audit": "[retention] audit",
    "tickets": "for good, as figures; words go by [retention] conversations",
    "escalations": "for good, as figures, some a ticket; words as above",
    "timers": "for good, as figures, some a ticket",
    "steps_tried": "for good, as figures, some a ticket; words as above",
    "ratings": "for good, as figures, one a ticket; words as above",
    "labels": "go with the words of their ticket",
    "gaps": "for good, as figures: fewer than their questions, no words",
    "gap_questions": "one a ticket, two numbers each",
    "words_offered": "one a question and the article that it was offered to, two ids each",
    "problems": "as many things as recur, or are wished for",
    "problem_tickets": "as gap_questions",
    "article_links": "as many as the articles name",
    "article_updates": "as many as there are articles",
    "article_ailments": "as many as there are articles, written anew daily",
    "wishes": "one word for each ticket",
    "looked_over": "for good, as figures, some of a hundred tickets",
    "figure_blocks": "for good, as figures: some 80 bytes a ticket, no words",
    "ticket_hours": "for good, as figures: an hour and a way to end each",
    "learning_runs": "one a kind of work",
    "incidents": "for good, as figures; words as above",
    "incident_updates": "for good, as figures; words as above",
    "incident_banners": "one a channel and incident, two numbers each",
    "drafts": "one a resolution that wants an article, of words that go with its ticket's",
    "quotes": "some a ticket, two numbers each",
    "secrets_told": "one a person and ticket, two ids each",
    "turned_away": "one a person",
    "whispered": "one a message that was answered alone, or passed over, for a day",
    "taken_back": "one a message whose deletion or edit came before it, for a day",
    "home_viewers": "one a person",
    "group_moves": "one a group",
    "home_choices": "one a person",
    "languages": "one a person",
    "workspaces": "one a workspace",
    "installations": "one a workspace that installed the app, until the operator takes it out",
    "install_states": "one an installation that is under way, for ten minutes; a thousand at most",
    "live_sources": "one a source that is configured",
    "replicas": "one a process that serves now",
    "shared_model": "one row",
    "base_rows": "one a row of the articles; of what went, one for a thousand writes",
    "paces": "one a channel or method that was written to within the hour",
    "odds": "one a ticket, four numbers each",
    "chances": "one an automatic answer, two numbers each",
    "shares": "one a person, for an hour",
    "heard": "one a conversation of a long queue, until nobody waits",
    "overrides": "as many as people make by hand",
    "rota_states": "one a group",
    "sending_stops": "one a scope of Slack's",
    "alarms": "one a key, which are few",
    "pages": "for good, as figures, some a ticket",
    "exports": "one a file that an admin wrote",
    "copying": "one row while half a copy",
    "erasing": "one row while something is erased",
    "presence": "one row",
    "holder": "one row",
    "sealing": "one row",
    "_sqlite_migrations": "one a step",
    "ticket_words": "an index over tickets",
    "ticket_vocabulary": "a view of the index",
}
"""By whom each table is kept from growing: retention, or what it holds one of."""


def tables(store: Store) -> set[str]:
    """Name every table of the desk; those that an index keeps for itself are the index's."""
    with closing(connect(store.path)) as db:
        found = db.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' "
            "AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        ).fetchall()
    return {str(row[0]) for row in found if not str(row[0]).startswith("kb_")}


def test_every_table_says_what_keeps_it_from_growing(store: Store) -> None:
    """Whoever adds a table says it here, having thought of it."""
    assert tables(store) <= set(BOUNDED)


@pytest.mark.parametrize("state", ["sent", "dead", "skipped", "dropped", "aside"])
def test_a_notice_goes_in_the_end_whatever_became_of_it(
    store: Store, clock: TurnableClock, state: str
) -> None:
    """None stays for good because nobody thought of its state."""
    with store.unit_of_work() as uow:
        uow.outbox.put(Courtesy("settled"), Destination(a.IT_HELP))
    with closing(connect(store.path)) as db:
        db.execute("UPDATE outbox SET state = ?, ticket = NULL", [state])
    clock.turn(500 * 86_400)
    retention = Retention(store.path, clock, Keeping())
    while retention.step():
        pass
    with closing(connect(store.path)) as db:
        assert not db.execute("SELECT id FROM all_outbox").fetchall()
