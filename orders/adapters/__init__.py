"""The domain's ports on real parts: SQL, phone number parsing, an in-memory twin, demonstration data."""
