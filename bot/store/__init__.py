"""SQLite behind the ports: units of work, repositories, inbox and outbox."""
