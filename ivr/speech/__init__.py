"""What a caller hears: the parts of a prompt and their wording in each language."""
