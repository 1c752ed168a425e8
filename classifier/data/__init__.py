"""Labelled messages: what the labels are, reading rows, and what is held out."""
