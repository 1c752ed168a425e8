"""Reports of what the desk achieved: made, shown to admins, told weekly."""
