"""One disturbance, many reporters: what came before a request."""

from bot.desk.incidents.precedents import Incident, IncidentPolicy, incident_among, tier_of_return

__all__ = ["Incident", "IncidentPolicy", "incident_among", "tier_of_return"]
