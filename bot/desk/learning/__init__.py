"""What people say of the desk's own work: labels and ratings."""
