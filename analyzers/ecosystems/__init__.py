"""Worlds of packages. Every module or package in here that states ``ECOSYSTEM`` is found by looking."""
