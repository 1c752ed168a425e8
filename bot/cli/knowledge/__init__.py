"""`frontline kb`: articles in, searched, learned from, tuned."""
