"""What the shop is about: frozen values and the rules that need nothing but themselves."""
