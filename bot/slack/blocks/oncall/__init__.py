"""Who is on call, as people see it."""
