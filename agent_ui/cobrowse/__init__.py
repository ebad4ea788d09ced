"""Co-browsing: the agent sees the customer's page, points at it, and with consent helps to fill it in."""
