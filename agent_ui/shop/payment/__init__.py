"""The payment provider's part of the demonstration: a frame of another origin that alone sees card numbers."""
