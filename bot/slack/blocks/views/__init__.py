"""Homes, lists and single tickets, as people see them."""
