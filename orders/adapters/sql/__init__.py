"""The repositories and the unit of work on SQLAlchemy."""
