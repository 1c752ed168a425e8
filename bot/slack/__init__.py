"""The Slack edge: payloads come in as commands, notices go out as messages."""
