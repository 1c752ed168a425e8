"""Fitting search and encoder to a base, and finding what is wrong with its articles."""
