"""What people see where they look: Homes, lists, single tickets."""
