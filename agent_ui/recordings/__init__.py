"""Listening to what was recorded and watching what was kept, for those who may; who does is on record."""
