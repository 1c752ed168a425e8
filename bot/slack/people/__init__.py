"""Who is who in Slack: people by name, their standing, groups and channels; what is remembered."""
