"""What goes wrong on demand: faults and latency by seed, and Slack's rate limits."""
