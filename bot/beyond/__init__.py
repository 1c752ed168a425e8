"""The edge beside Slack: how targets are told, what they understand, and what hooks tell us."""
