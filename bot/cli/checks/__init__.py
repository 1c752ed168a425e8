"""What `frontline doctor` looks at, subject by subject, and how it looks without touching."""
