"""Frontline: the desk and its Slack surface."""
