"""How an incident looks: to those who follow it, on banners, to its engineers."""
