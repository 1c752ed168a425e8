"""Several processes on one database: who has what in hand, and who is here."""
