"""Incidents, their news and their banners."""
