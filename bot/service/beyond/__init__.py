"""What was done about a page elsewhere comes back: taken there is taken here."""
