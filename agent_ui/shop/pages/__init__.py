"""The shop's pages, one area a file."""
