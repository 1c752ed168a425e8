"""`frontline init`: an organisation's own desk, from a folder of articles."""
