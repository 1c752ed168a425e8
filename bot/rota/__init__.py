"""Where rotas come from: calendars, user groups, the configuration; and who is on call by them."""
