"""What the demonstration shop is made of; all people, addresses and numbers are invented."""
