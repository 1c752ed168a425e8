"""Who of several writes when, and when it is on the disk."""
