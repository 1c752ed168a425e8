"""Judges what may be a secret by its look and by what stands around it; fitted, from data alone."""
