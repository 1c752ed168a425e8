"""What passed between the workspace and the app, written down and told."""
