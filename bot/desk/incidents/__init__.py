"""One disturbance, many reporters: what came before a request."""
