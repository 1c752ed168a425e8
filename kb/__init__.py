"""The knowledge base: articles in, the article that answers out."""
