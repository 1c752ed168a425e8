"""The ticket and its escalations: states, presses, cards and handoffs."""
