"""Shops behind a connector: what they can do, what they tell, and where each one has got to."""
