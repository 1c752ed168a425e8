"""What a message is made of: words, meaning, layers."""
