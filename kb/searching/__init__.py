"""From a question to the articles that answer it: proposing, ranking, and the façade."""
