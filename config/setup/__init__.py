"""What `make` runs to set Comptoir up: system packages, environment, pjsua2, front end."""
