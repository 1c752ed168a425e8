"""What the requester sees while an article may still settle it."""
