"""What settled tickets teach, in the terminal: outcomes, and what recurs."""
