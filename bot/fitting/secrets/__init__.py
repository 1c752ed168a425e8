"""Fits the judge of pasted secrets: made messages of many voices, ordinary ones, and the trees."""
