"""What the workspace is made of: people, channels, messages, files, views, and its clock."""
