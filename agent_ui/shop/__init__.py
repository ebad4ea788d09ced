"""The demonstration shop: a small shop of its own, on the same orders, carts and customers as the agents' desk."""
