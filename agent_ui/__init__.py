"""The pages: agents' desk, supervision and administration."""
