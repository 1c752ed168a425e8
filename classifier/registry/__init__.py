"""Models on disk: how they are stored, which one serves, and the way back."""
