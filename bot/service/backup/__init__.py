"""Backups of the service's database, made while it runs, and their way back."""
