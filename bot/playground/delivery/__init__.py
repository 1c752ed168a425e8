"""Bringing events to the app by Socket Mode or the Events API, and news to open pages."""
