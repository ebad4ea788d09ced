"""The control API as the pages use it: the port, its HTTP adapter and its in-memory twin."""
