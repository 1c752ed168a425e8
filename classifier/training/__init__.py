"""From labelled messages to a model directory."""
