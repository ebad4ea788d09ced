"""Calls and legs: their states, the ports they need, and the sessions that drive them."""
