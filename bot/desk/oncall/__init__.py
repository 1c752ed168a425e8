"""Who is on call: groups, shifts, rotation, overrides, and the words for it."""
