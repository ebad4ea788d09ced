"""What has happened in a contact, in order: the call, the page, what was agreed to, the cart, the recording."""
