"""Lockfiles and compiled requirements, made anew by their own tools: one module a tool."""
