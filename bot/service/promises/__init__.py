"""What a timer means when it falls due."""
