"""Checks of the machine and the installation, each with what to do."""
