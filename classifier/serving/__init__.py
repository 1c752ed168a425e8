"""Asking a trained classifier, and taking up a promoted one."""
