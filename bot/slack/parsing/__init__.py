"""Payloads of Slack to commands of the desk, and to deliveries of the inbox."""
