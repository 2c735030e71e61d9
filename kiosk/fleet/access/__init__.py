"""Who may do what: sign-in, sessions, rights, limits, and the log of what was done."""
