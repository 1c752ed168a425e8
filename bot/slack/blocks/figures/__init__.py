"""The admins' weekly figures as messages."""
