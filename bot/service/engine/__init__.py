"""Durable work: queues, workers and their leases, on SQLite or PostgreSQL."""
