"""What is promised and when it runs out: support hours, priorities, timers."""
