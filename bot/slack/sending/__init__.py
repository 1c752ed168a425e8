"""How things are sent: connections that are kept, and pictures, which are uploaded."""
