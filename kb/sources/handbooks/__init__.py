"""Handbooks: DOCX and PDF files, an article for each of their chapters."""
