"""Settings, logging, the database engine and the console command."""
