"""Who may ask, who is advised to change a secret, and who is shown what was masked."""
