"""Live sources: what repositories, sites and wikis hold, brought into folders that kb reads."""
