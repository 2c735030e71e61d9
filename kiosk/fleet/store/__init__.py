"""What the fleet remembers: SQLAlchemy Core over SQLite or PostgreSQL, one schema for both."""
