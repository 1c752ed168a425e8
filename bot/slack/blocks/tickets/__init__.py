"""What engineers and requesters see once people are involved."""
