"""Who is on call now and next, changed by those who may, and watched over time."""
