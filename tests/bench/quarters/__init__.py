"""Thirteen weeks of a desk, simulated: who asks what, who answers, and what came of it."""
