"""Texts to vectors: the encoder, what runs it, and what it gives besides."""
