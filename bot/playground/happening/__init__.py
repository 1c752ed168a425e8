"""What happens in the workspace, whoever does it: posts, memberships, interactions."""
