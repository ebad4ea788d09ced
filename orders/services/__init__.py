"""What can be done with the shop: plain functions, each over one unit of work."""
