"""Past scorecards with their Facts: on a branch of the repository, or in SQLite or PostgreSQL."""
