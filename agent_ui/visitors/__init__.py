"""Customers in shops' pages, as long as they are there: who, where, with which cart, and how to reach the page."""
