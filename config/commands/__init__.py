"""The sub-commands that belong to the whole system rather than to one package."""
