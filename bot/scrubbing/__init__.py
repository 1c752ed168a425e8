"""Finds secrets in what people write: passwords, codes, tokens, keys, card and account numbers."""
