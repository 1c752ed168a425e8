"""How far a classifier can be trusted: figures, thresholds, reports, the audit of its data."""
