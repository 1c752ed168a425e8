"""Joins a request to the incident that it reports, or to the request it repeats."""
