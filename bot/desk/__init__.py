"""The domain: tickets, escalations and decisions, in the standard library alone."""
