"""What the use cases need from the world, as protocols, topic by topic."""
