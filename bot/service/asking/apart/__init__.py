"""What stands outside a ticket's thread and belongs to it: which ticket, and why that one."""
