"""One disturbance, many reporters: what came before a request."""

from bot.desk.incidents.commands import (
    IncidentPress,
    NameIncident,
    OtherProblem,
    UpdateEveryone,
)
from bot.desk.incidents.incident import (
    TITLE_ROOM,
    Happened,
    Incident,
    Incidents,
    IncidentState,
    Update,
    title_of,
)
from bot.desk.incidents.notices import (
    IncidentBanner,
    IncidentNews,
    IncidentNote,
    IncidentNotice,
    IncidentReview,
    IncidentWord,
)
from bot.desk.incidents.precedents import (
    Gathering,
    IncidentPolicy,
    gathering_of,
    means_the_same,
    tier_of_return,
)
from bot.desk.incidents.review import review_of
from bot.desk.incidents.sameness import as_written, common_things, named_in
from bot.desk.incidents.trouble import tells_of_outage, tells_of_trouble

__all__ = [
    "TITLE_ROOM",
    "Gathering",
    "Happened",
    "Incident",
    "IncidentBanner",
    "IncidentNews",
    "IncidentNote",
    "IncidentNotice",
    "IncidentPolicy",
    "IncidentPress",
    "IncidentReview",
    "IncidentState",
    "IncidentWord",
    "Incidents",
    "NameIncident",
    "OtherProblem",
    "Update",
    "UpdateEveryone",
    "as_written",
    "common_things",
    "gathering_of",
    "means_the_same",
    "named_in",
    "review_of",
    "tells_of_outage",
    "tells_of_trouble",
    "tier_of_return",
    "title_of",
]
