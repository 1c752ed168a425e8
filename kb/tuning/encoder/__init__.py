"""Training the encoder on a base's own questions, and judging whether it gained."""
