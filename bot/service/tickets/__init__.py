"""What happens to a ticket once people work on it."""
