"""The connectors: one module a kind of shop."""
