"""Who may see what: roles bound to units (`access.yml`), sign-in, sessions."""
