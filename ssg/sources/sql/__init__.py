"""Sources of data that are databases: PostgreSQL and SQLite."""
