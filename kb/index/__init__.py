"""What is stored of the knowledge base, and the indexes over it."""
