"""Files of many articles: JSON Lines, tables, and what other tools export as JSON."""
