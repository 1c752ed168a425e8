"""State to JSON: how each notice looks in Slack. Pure; nothing here calls Slack."""
