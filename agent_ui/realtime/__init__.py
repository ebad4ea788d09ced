"""From the telephone system's events to the pages that may see them."""
