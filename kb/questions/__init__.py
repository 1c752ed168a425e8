"""What is asked: the question in a message, and what is known of questions like it."""
