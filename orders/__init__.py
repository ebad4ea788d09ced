"""The shop's domain: customers, products, carts, orders, and the services on them."""
