"""Runtimes and tools that version managers install."""
