"""How it looks when secrets were masked, words erased, or somebody turned away."""
