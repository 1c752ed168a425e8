"""From a message to an answer, a question back, or a call for people."""
