"""`frontline serve`, and the workspaces that one process serves."""
