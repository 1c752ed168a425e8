"""What goes wrong on demand: faults by seed, and Slack's rate limits."""
