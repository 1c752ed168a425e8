"""frontline.toml and the environment, checked and explained."""
