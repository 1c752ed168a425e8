"""The review of an incident, as its engineers read it in their thread."""

from __future__ import annotations

from bot.desk.ids import IncidentId, TicketId, UserId
from bot.desk.incidents import Happened, Incident, IncidentReview, Update, review_of
from bot.slack.blocks.rendering import render
from tests import builders as a


def test_a_review_names_people_and_calls_nobody_by_what_was_written() -> None:
    """Its own lines name people as Slack shows them; what an update says stays words."""
    incident = Incident(IncidentId(1), TicketId(1001), "Gateway <@U0TOM00009>", a.NOON, a.MEI)
    updates = [Update(a.NOON, a.MEI, "We look\n<@U0TOM00009> <!channel>")]
    timeline = [Happened(a.NOON, UserId("U0ANA00009"), "opened")]
    shown = render(
        IncidentReview(incident.id, incident.title, review_of(incident, timeline, updates, 3, None))
    )
    text = "\n".join(block["text"]["text"] for block in shown.blocks if "text" in block)  # type: ignore[union-attr]
    assert f"*Owner:* <@{a.MEI}>" in text
    assert f"UTC <@{a.MEI}> told everyone: We look &lt;@U0TOM00009&gt;" in text
    assert "UTC <@U0ANA00009>: first reported" in text
    assert "<@U0TOM00009>" not in text
    assert "<!channel>" not in text
