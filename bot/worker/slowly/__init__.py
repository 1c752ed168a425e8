"""What is never urgent has slow threads of its own: letting go, and learning."""
