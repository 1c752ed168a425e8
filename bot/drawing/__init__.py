"""Figures as a page and as pictures; sees the domain alone."""
