"""Who may sign in: logins, their passwords and sessions."""
