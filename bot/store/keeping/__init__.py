"""How long words are kept, and how a person is forgotten: what goes, from which tables."""
