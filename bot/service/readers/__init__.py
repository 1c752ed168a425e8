"""Who reads what is said in a place, and who may see a ticket."""
