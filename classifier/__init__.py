"""Who has to settle a message: labels, features, training, prediction."""
