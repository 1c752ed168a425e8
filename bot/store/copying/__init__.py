"""A whole desk brought from one engine to the other, row by row, and compared."""
